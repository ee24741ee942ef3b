/** Every property that is understood; the values become settings in client-properties.ts. */
export const KNOWN = [
  'bootstrap.servers',
  'client.id',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'sasl.username',
  'sasl.password',
  'sasl.login.callback.handler.class',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.metadata.authentication.type',
  'sasl.oauthbearer.config',
  'sasl.kerberos.service.name',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.certificates',
  'ssl.truststore.password',
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
];

const TLS_VERSIONS = 'OpenSSL chooses TLS 1.2 or 1.3 with the broker';
const NO_CLASSES = 'Java classes cannot be loaded';
const NO_ASSERTION = 'a token is asked for by client id and secret, not by an assertion';

/** Properties of the Java client that this one cannot honour, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  'ssl.cipher.suites': 'Java and OpenSSL name cipher suites differently',
  'ssl.enabled.protocols': TLS_VERSIONS,
  'ssl.protocol': TLS_VERSIONS,
  'ssl.provider': 'there are no Java security providers here',
  'security.providers': 'there are no Java security providers here',
  'ssl.engine.factory.class': NO_CLASSES,
  'sasl.client.callback.handler.class': NO_CLASSES,
  'sasl.login.class': NO_CLASSES,
  'sasl.oauthbearer.jwt.retriever.class': NO_CLASSES,
  'sasl.oauthbearer.jwt.validator.class': NO_CLASSES,
};

/** Java's names that decide neither who connects, nor where, nor how safely: ksweep connects the same without them. */
const NO_MATTER =
  /^(sasl\.login\.(connect|read|refresh|retry)\.|sasl\.kerberos\.|sasl\.oauthbearer\.(clock\.skew|expected|jwks|header\.urlencode|scope\.claim|sub\.claim)|ssl\.(keymanager|trustmanager)\.algorithm$|ssl\.secure\.random\.implementation$)/;

/** Java's own defaults leave the choice that OpenSSL makes. */
function isOpenChoice(key: string, value: string): boolean {
  const versions = value.split(',').map((one) => one.trim());
  if (key === 'ssl.enabled.protocols') return versions.includes('TLSv1.2') && versions.includes('TLSv1.3');
  return key === 'ssl.protocol' && (value === 'TLS' || value === 'TLSv1.3');
}

/** Why a property cannot be honoured; undefined where it can, or where it does not matter. */
export function whyRefused(key: string, value: string): string | undefined {
  if (key === 'sasl.client.callback.handler.class' && value.endsWith('.IAMClientCallbackHandler'))
    return undefined;
  if (isOpenChoice(key, value)) return undefined;
  return key.startsWith('sasl.oauthbearer.assertion.') ? NO_ASSERTION : REFUSED[key];
}

export const doesNotMatter = (key: string, value: string): boolean =>
  key === 'sasl.client.callback.handler.class' || NO_MATTER.test(key) || isOpenChoice(key, value);
