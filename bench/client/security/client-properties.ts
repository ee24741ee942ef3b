import { readFileSync } from 'node:fs';
import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { rememberSecrets } from '../../common/redact.ts';
import type { ClientSettings } from '../driver.ts';
import { PROPERTIES } from '../properties/table.ts';
import { doesNotMatter, KNOWN, whyRefused } from './names.ts';
import { oneOf } from './one-of.ts';
import { Problems } from './problems.ts';
import { javaTrim, type Properties, type Property, parseProperties, refuse } from './properties-file.ts';
import { saslSettings } from './sasl-properties.ts';
import { tlsSettings } from './tls-properties.ts';

/** Environment variables and the property that each one sets; they go before the file's. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
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

/** Settings of Kafka's clients by their own names: they are a workload's, and no mistake in a file of Kafka's tools. */
const ELSEWHERE = new Set(PROPERTIES.map(({ kafka }) => kafka));

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
      refuse(name, 'is not a variable of ksweep', meant && `did you mean ${meant}?`);
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
  addSecurity(settings, properties, problems);
  problems.throwAll();
  return settings;
}

/** Names of ksweep's own, which no tool of Kafka's reads: their values are taken as they are. */
const OWN = ['sasl.username', 'sasl.password'];

/** Kafka trims every value, those of passwords too (ConfigDef.parseType). */
function trimmed(properties: Properties): Properties {
  return new Map(
    [...properties].map(([key, property]) => [
      key,
      OWN.includes(key) ? property : { ...property, value: javaTrim(property.value) },
    ]),
  );
}

/**
 * Kafka's own tools warn of a name they do not know and go on. So does this, once for all, but for names that look as
 * if they were meant for the connection: leaving one of those out would connect in another way than was asked for.
 */
function tellLeftOut(properties: Properties, problems: Problems, onNote: (line: string) => void): void {
  const leftOut: string[] = [];
  for (const [key, { value, where, overrides }] of properties) {
    if (overrides !== undefined) onNote(`${where}: ${key} overrides the value at ${overrides}`);
    if (KNOWN.includes(key)) continue;
    const reason = whyRefused(key, value);
    const meant = nearest(key, KNOWN);
    const close = meant !== undefined && Math.abs(meant.length - key.length) <= 2;
    if (reason !== undefined) problems.attempt(() => refuse(where, `${key} has no equivalent: ${reason}`));
    else if (
      !ELSEWHERE.has(key) &&
      !doesNotMatter(key, value) &&
      (/^(sasl|ssl|security)\./.test(key) || close)
    ) {
      problems.attempt(() => refuse(where, `unknown property ${key}`, meant && `did you mean ${meant}?`));
    } else leftOut.push(key);
  }
  if (leftOut.length > 0) onNote(`not needed to connect, left out: ${leftOut.join(', ')}`);
}

function addSecurity(settings: Record<string, string>, properties: Properties, problems: Problems): void {
  const protocol = problems.attempt(() => oneOf(properties, 'security.protocol', PROTOCOLS) ?? 'PLAINTEXT');
  // Which settings belong to a protocol that is none cannot be told.
  if (protocol === undefined) return;
  if (protocol !== 'PLAINTEXT') settings['security.protocol'] = protocol.toLowerCase();
  for (const [key, { where }] of properties) {
    if (!KNOWN.includes(key) || !/^(sasl|ssl)\./.test(key) || belongsTo(protocol, key)) continue;
    problems.attempt(() =>
      refuse(
        where,
        `${key} has no effect with security.protocol=${protocol}`,
        'set security.protocol to match',
      ),
    );
  }
  if (protocol.includes('SSL')) Object.assign(settings, tlsSettings(properties, problems));
  if (protocol.startsWith('SASL')) Object.assign(settings, saslSettings(properties, problems));
}

function belongsTo(protocol: string, key: string): boolean {
  return key.startsWith('sasl.') ? protocol.startsWith('SASL') : protocol.includes('SSL');
}
