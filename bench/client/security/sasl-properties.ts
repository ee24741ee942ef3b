import { parseJaas } from './jaas.ts';
import { kerberosSettings } from './kerberos.ts';
import { mskSpec, oauthSettings, tokensBy } from './oauth-properties.ts';
import { oneOf } from './one-of.ts';
import type { Problems } from './problems.ts';
import { type Properties, refuse } from './properties-file.ts';

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM', 'GSSAPI'];

/** Kafka's SASL properties as librdkafka's. */
export function saslSettings(properties: Properties, problems: Problems): Record<string, string> {
  const mechanism = problems.attempt(() => mechanismOf(properties));
  const jaas = properties.get('sasl.jaas.config');
  const login = jaas && problems.attempt(() => parseJaas(jaas.value, jaas.where));
  if (jaas !== undefined && login === undefined) return {};
  if (mechanism === undefined) return {};
  if (jaas !== undefined && login !== undefined && !login.mechanisms.includes(mechanism)) {
    problems.attempt(() => refuse(jaas.where, `${login.module} does not fit sasl.mechanism=${mechanism}`));
    return {};
  }
  const where = properties.get('sasl.mechanism')?.where ?? 'sasl.mechanism';
  const pick = (key: string, option: string): string =>
    problems.attempt(() => {
      const value = properties.get(key)?.value ?? login?.options[option];
      if (!value) refuse(where, `${mechanism} needs ${key}, or ${option} in sasl.jaas.config`);
      return value;
    }) ?? '';
  if (mechanism === 'AWS_MSK_IAM') return tokensBy(mskSpec(login?.options ?? {}));
  if (mechanism === 'GSSAPI') return kerberosSettings(properties, problems, where, login);
  if (mechanism !== 'OAUTHBEARER') {
    return {
      'sasl.mechanism': mechanism,
      'sasl.username': pick('sasl.username', 'username'),
      'sasl.password': pick('sasl.password', 'password'),
    };
  }
  return oauthSettings({ properties, problems, where, pick, login });
}

function mechanismOf(properties: Properties): string {
  return (
    oneOf(properties, 'sasl.mechanism', MECHANISMS) ??
    refuse(
      properties.get('security.protocol')?.where ?? 'security.protocol',
      'SASL needs sasl.mechanism',
      `expected one of ${MECHANISMS.join(', ')}`,
    )
  );
}
