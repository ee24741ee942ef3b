import { KsweepError } from '../../common/errors.ts';

/** Login modules of Apache Kafka and what each is for. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  PlainLoginModule: ['PLAIN'],
  ScramLoginModule: ['SCRAM-SHA-256', 'SCRAM-SHA-512'],
  OAuthBearerLoginModule: ['OAUTHBEARER'],
};

export interface JaasLogin {
  readonly module: string;
  readonly mechanisms: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

const SHAPE =
  /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)((?:\s+[\w.-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";]+))*)\s*;\s*$/s;

/** Parses the value of `sasl.jaas.config`. The message never repeats the value: it holds the password. */
export function parseJaas(value: string, where: string): JaasLogin {
  const match = SHAPE.exec(value);
  const className = match?.[1] ?? '';
  if (match === null) {
    throw new KsweepError('client-properties-invalid', `${where}: sasl.jaas.config could not be read`, {
      hint: 'expected: org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";',
    });
  }
  const module = className.slice(className.lastIndexOf('.') + 1);
  const mechanisms = MODULES[module];
  if (mechanisms === undefined) {
    throw new KsweepError(
      'client-properties-invalid',
      `${where}: login module ${className} has no equivalent here`,
      { hint: `expected one of ${Object.keys(MODULES).join(', ')}` },
    );
  }
  const options: Record<string, string> = {};
  for (const [, key = '', quoted, plain] of (match[2] ?? '').matchAll(
    /([\w.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";]+))/gs,
  )) {
    options[key] = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/gs, '$1');
  }
  return { module, mechanisms, options };
}
