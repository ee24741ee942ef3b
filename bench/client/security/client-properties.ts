import { readFileSync } from 'node:fs';
import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { isSecretName, rememberSecrets } from '../../common/redact.ts';
import type { ClientSettings } from '../driver.ts';
import { PROPERTIES } from '../properties/table.ts';
import { parseJaas } from './jaas.ts';
import { type Properties, type Property, parseProperties, refuse } from './properties-file.ts';
import { tlsSettings } from './tls-properties.ts';

/** Environment variables and the property that each one sets; they go before the file's. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  KSWEEP_SECURITY_PROTOCOL: 'security.protocol',
  KSWEEP_SASL_MECHANISM: 'sasl.mechanism',
  KSWEEP_SASL_USERNAME: 'sasl.username',
  KSWEEP_SASL_PASSWORD: 'sasl.password',
  KSWEEP_SASL_JAAS_CONFIG: 'sasl.jaas.config',
  KSWEEP_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'sasl.oauthbearer.token.endpoint.url',
  KSWEEP_SASL_OAUTHBEARER_CLIENT_ID: 'sasl.oauthbearer.client.credentials.client.id',
  KSWEEP_SASL_OAUTHBEARER_CLIENT_SECRET: 'sasl.oauthbearer.client.credentials.client.secret',
  KSWEEP_SASL_OAUTHBEARER_SCOPE: 'sasl.oauthbearer.scope',
  KSWEEP_SSL_CA_LOCATION: 'ssl.truststore.location',
  KSWEEP_SSL_KEYSTORE_LOCATION: 'ssl.keystore.location',
  KSWEEP_SSL_KEY_PASSWORD: 'ssl.key.password',
  KSWEEP_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: 'ssl.endpoint.identification.algorithm',
};

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];

/** Every property that is understood; the values become settings in `clientSettings`. */
const KNOWN = [
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

/** Settings of Kafka's clients by their own names: they are a workload's, and no mistake in a file of Kafka's tools. */
const ELSEWHERE = new Set(PROPERTIES.map(({ kafka }) => kafka));

/** Properties of the Java client that this one cannot honour, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  'ssl.cipher.suites': 'Java and OpenSSL name cipher suites differently',
  'ssl.enabled.protocols': 'OpenSSL chooses the TLS version with the broker',
  'ssl.protocol': 'OpenSSL chooses the TLS version with the broker',
  'ssl.provider': 'there are no Java security providers here',
  'ssl.engine.factory.class': 'Java classes cannot be loaded',
  'sasl.client.callback.handler.class': 'Java classes cannot be loaded',
  'sasl.login.class': 'Java classes cannot be loaded',
  'sasl.kerberos.service.name': 'Kerberos (GSSAPI) is not supported',
};

/**
 * Connection settings in librdkafka's names from a client properties file (Kafka's names) and the environment.
 * The result may hold secrets: print it only through redact.ts, which knows them from here on.
 * @param onNote told what was left out or overridden, a line each
 * @param file of Kafka's tools' `--command-config`; undefined where only the environment counts
 */
export function readClientSettings(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
  onNote: (line: string) => void = () => {},
): ClientSettings {
  let properties = new Map<string, Property>();
  if (file !== undefined) {
    let text: string;
    try {
      // As java.util.Properties reads it; what is beyond Latin-1 is written as \\uXXXX.
      text = readFileSync(file, 'latin1');
    } catch (cause) {
      throw new KsweepError('client-properties-invalid', `${file} could not be read`, {
        details: [(cause as Error).message],
        cause,
      });
    }
    properties = parseProperties(text, file);
  }
  for (const name of Object.keys(env)) {
    if (/^KSWEEP_(SASL|SSL|SECURITY)_/.test(name) && !(name in ENVIRONMENT)) {
      const meant = nearest(name, Object.keys(ENVIRONMENT));
      refuse(name, 'is no variable of ksweep', meant && `did you mean ${meant}?`);
    }
  }
  for (const [name, key] of Object.entries(ENVIRONMENT)) {
    const value = env[name];
    if (value !== undefined) properties.set(key, { value, where: name });
  }
  rememberSecrets(Object.fromEntries([...properties].map(([key, { value }]) => [key, value])));
  const settings = clientSettings(properties, onNote);
  // A password out of sasl.jaas.config has a name of its own only now.
  rememberSecrets(settings);
  return settings;
}

/** Translates and checks. Throws KsweepError `client-properties-invalid`. */
export function clientSettings(given: Properties, onNote: (line: string) => void = () => {}): ClientSettings {
  const problems = new Problems();
  const properties = trimmed(given);
  tellLeftOut(properties, problems, onNote);
  const settings: Record<string, string> = {};
  for (const key of ['bootstrap.servers', 'client.id']) {
    const value = properties.get(key)?.value;
    if (value !== undefined) settings[key] = value;
  }
  problems.attempt(() => Object.assign(settings, securitySettings(properties)));
  problems.throwAll();
  return settings;
}

/** Kafka trims every value but those of passwords (ConfigDef.parseType). */
function trimmed(properties: Properties): Properties {
  return new Map(
    [...properties].map(([key, property]) => [
      key,
      isSecretName(key) ? property : { ...property, value: property.value.trim() },
    ]),
  );
}

/**
 * Kafka's own tools warn of a name they do not know and go on. So does this, once for all, but for names that look as
 * if they were meant for the connection: leaving one of those out would connect in another way than was asked for.
 */
function tellLeftOut(properties: Properties, problems: Problems, onNote: (line: string) => void): void {
  const leftOut: string[] = [];
  for (const [key, { where, overrides }] of properties) {
    if (overrides !== undefined) onNote(`${where}: ${key} overrides the value at ${overrides}`);
    if (KNOWN.includes(key)) continue;
    const reason = REFUSED[key];
    const meant = nearest(key, KNOWN);
    const close = meant !== undefined && Math.abs(meant.length - key.length) <= 2;
    if (reason !== undefined) problems.attempt(() => refuse(where, `${key} has no equivalent: ${reason}`));
    else if (!ELSEWHERE.has(key) && (/^(sasl|ssl|security)\./.test(key) || close)) {
      problems.attempt(() => refuse(where, `unknown property ${key}`, meant && `did you mean ${meant}?`));
    } else leftOut.push(key);
  }
  if (leftOut.length > 0) onNote(`no connection settings, left to the workload: ${leftOut.join(', ')}`);
}

/** All that is wrong, told at once. */
class Problems {
  readonly #found: KsweepError[] = [];

  attempt(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof KsweepError)) throw error;
      this.#found.push(error);
    }
  }

  throwAll(): void {
    const [first] = this.#found;
    if (first === undefined) return;
    if (this.#found.length === 1) throw first;
    throw new KsweepError(
      'client-properties-invalid',
      `the client properties have ${this.#found.length} problems`,
      {
        details: this.#found.map(({ message, hint }) =>
          hint === undefined ? message : `${message}; ${hint}`,
        ),
      },
    );
  }
}

function securitySettings(properties: Properties): Record<string, string> {
  const settings: Record<string, string> = {};
  const protocol = oneOf(properties, 'security.protocol', PROTOCOLS) ?? 'PLAINTEXT';
  const security = [...properties].find(([key]) => /^(sasl|ssl)\./.test(key) && !belongsTo(protocol, key));
  if (security !== undefined) {
    const [key, { where }] = security;
    refuse(
      where,
      `${key} has no effect with security.protocol=${protocol}`,
      'set security.protocol to match',
    );
  }
  if (protocol !== 'PLAINTEXT') settings['security.protocol'] = protocol.toLowerCase();
  if (protocol.includes('SSL')) Object.assign(settings, tlsSettings(properties));
  if (protocol.startsWith('SASL')) Object.assign(settings, saslSettings(properties));
  return settings;
}

function belongsTo(protocol: string, key: string): boolean {
  return key.startsWith('sasl.') ? protocol.startsWith('SASL') : protocol.includes('SSL');
}

/** The value in the spelling of the list; undefined where the property is not set. */
function oneOf(properties: Properties, key: string, allowed: readonly string[]): string | undefined {
  const property = properties.get(key);
  if (property === undefined) return undefined;
  const value = property.value.trim().toUpperCase();
  if (allowed.includes(value)) return value;
  const meant = nearest(value, allowed);
  return refuse(
    property.where,
    `${key}=${property.value}: expected one of ${allowed.join(', ')}`,
    meant && `did you mean ${meant}?`,
  );
}

function saslSettings(properties: Properties): Record<string, string> {
  const mechanism = oneOf(properties, 'sasl.mechanism', MECHANISMS);
  const jaas = properties.get('sasl.jaas.config');
  const login = jaas && parseJaas(jaas.value, jaas.where);
  if (mechanism === undefined) {
    return refuse(
      properties.get('security.protocol')?.where ?? 'security.protocol',
      'SASL needs sasl.mechanism',
      `expected one of ${MECHANISMS.join(', ')}`,
    );
  }
  if (jaas !== undefined && login !== undefined && !login.mechanisms.includes(mechanism)) {
    refuse(jaas.where, `${login.module} does not fit sasl.mechanism=${mechanism}`);
  }
  const where = properties.get('sasl.mechanism')?.where ?? 'sasl.mechanism';
  const pick = (key: string, option: string): string => {
    const value = properties.get(key)?.value ?? login?.options[option];
    if (!value) refuse(where, `${mechanism} needs ${key}, or ${option} in sasl.jaas.config`);
    return value;
  };
  if (mechanism !== 'OAUTHBEARER') {
    return {
      'sasl.mechanism': mechanism,
      'sasl.username': pick('sasl.username', 'username'),
      'sasl.password': pick('sasl.password', 'password'),
    };
  }
  const handler = properties.get('sasl.login.callback.handler.class');
  if (handler !== undefined && !handler.value.endsWith('.OAuthBearerLoginCallbackHandler')) {
    refuse(handler.where, 'only OAuthBearerLoginCallbackHandler has an equivalent (OIDC client credentials)');
  }
  const url = properties.get('sasl.oauthbearer.token.endpoint.url');
  if (url === undefined) return refuse(where, 'OAUTHBEARER needs sasl.oauthbearer.token.endpoint.url');
  const credentials = 'sasl.oauthbearer.client.credentials';
  const scope = properties.get('sasl.oauthbearer.scope')?.value ?? login?.options['scope'];
  return {
    'sasl.mechanism': mechanism,
    'sasl.oauthbearer.method': 'oidc',
    'sasl.oauthbearer.token.endpoint.url': url.value,
    'sasl.oauthbearer.client.id': pick(`${credentials}.client.id`, 'clientId'),
    'sasl.oauthbearer.client.secret': pick(`${credentials}.client.secret`, 'clientSecret'),
    ...(scope === undefined ? {} : { 'sasl.oauthbearer.scope': scope }),
  };
}
