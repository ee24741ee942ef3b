import { readFileSync } from 'node:fs';
import type { ClientSettings } from '../client/driver.ts';
import { settingFromText } from '../client/properties/from-text.ts';
import { isSecurity, REFUSED } from '../client/properties/refused.ts';
import { clientSettings, ENVIRONMENT } from '../client/security/client-properties.ts';
import { type Property, parseProperties } from '../client/security/properties-file.ts';
import { KsweepError } from '../common/errors.ts';
import { rememberSecrets } from '../common/redact.ts';
import type { Scalar } from '../common/scalar.ts';

/** What the command line says of a client's settings, in the way of Kafka's tools. */
export interface GivenSettings {
  readonly bootstrapServer: string | undefined;
  /** Java properties file: --command-config and its older names. */
  readonly configFile: string | undefined;
  /** Each `name=value`: --command-property and its older names. They go before the file's. */
  readonly properties: readonly string[];
  /** What goes before all of them, by Kafka's names. */
  readonly own: Readonly<Record<string, string>>;
}

export interface PerfSettings {
  /** By Kafka's names, ready to be translated. */
  readonly settings: Readonly<Record<string, Scalar>>;
  /** Addresses, identity and security, by librdkafka's names. */
  readonly connection: ClientSettings;
}

/** Kafka's tools set these themselves, and bytes go out and come in as they are. */
const OWN_OF_TOOLS = ['key.serializer', 'value.serializer', 'key.deserializer', 'value.deserializer'];
const isConnection = (key: string): boolean =>
  isSecurity(key) || key === 'bootstrap.servers' || key === 'client.id';

/** A text `name=value`. Throws usage for any other, as the tools do. */
function propertyOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new KsweepError('usage', `invalid property: ${text}`, { hint: 'write name=value' });
}

/**
 * A client's settings from what was given; the environment's KSWEEP_… variables go before a file.
 * What has no equivalent in this client is left out and told. Throws usage, client-properties-invalid.
 */
export function perfSettings(
  role: 'producer' | 'consumer',
  given: GivenSettings,
  env: Readonly<Record<string, string | undefined>>,
  onNote: (line: string) => void,
): PerfSettings {
  const all = new Map<string, Property>(given.configFile === undefined ? [] : readConfig(given.configFile));
  for (const [name, key] of Object.entries(ENVIRONMENT)) {
    const value = env[name];
    if (value !== undefined) all.set(key, { value, where: name });
  }
  for (const [key, value] of given.properties.map(propertyOf))
    all.set(key, { value, where: '--command-property' });
  for (const [key, value] of Object.entries(given.own)) all.set(key, { value, where: 'the command line' });
  if (given.bootstrapServer !== undefined) {
    all.set('bootstrap.servers', { value: given.bootstrapServer, where: '--bootstrap-server' });
  }
  rememberSecrets(Object.fromEntries([...all].map(([key, { value }]) => [key, value])));
  const connection = clientSettings(new Map([...all].filter(([key]) => isConnection(key))), onNote);
  rememberSecrets(connection);
  if (connection['bootstrap.servers'] === undefined) {
    throw new KsweepError('usage', 'there is no cluster to measure', {
      hint: 'add --bootstrap-server host:port, or bootstrap.servers=… by --command-property or --command-config',
    });
  }
  const settings: Record<string, Scalar> = {};
  for (const [key, { value, where }] of all) {
    if (isConnection(key) || OWN_OF_TOOLS.includes(key)) continue;
    if (Object.hasOwn(REFUSED, key)) onNote(`${where}: ${key} is left out: ${REFUSED[key]}`);
    else settings[key] = settingFromText(role, key, value.trim());
  }
  return { settings, connection };
}

function readConfig(file: string): Map<string, Property> {
  try {
    return parseProperties(readFileSync(file, 'latin1'), file);
  } catch (cause) {
    if (cause instanceof KsweepError) throw cause;
    throw new KsweepError('client-properties-invalid', `${file} could not be read`, {
      details: [(cause as Error).message],
      cause,
    });
  }
}
