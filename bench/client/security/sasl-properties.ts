import { parseJaas } from './jaas.ts';
import { oneOf } from './one-of.ts';
import type { Problems } from './problems.ts';
import { type Properties, refuse } from './properties-file.ts';

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];

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
  if (mechanism !== 'OAUTHBEARER') {
    return {
      'sasl.mechanism': mechanism,
      'sasl.username': pick('sasl.username', 'username'),
      'sasl.password': pick('sasl.password', 'password'),
    };
  }
  const handler = properties.get('sasl.login.callback.handler.class');
  if (handler !== undefined && !handler.value.endsWith('.OAuthBearerLoginCallbackHandler')) {
    problems.attempt(() =>
      refuse(
        handler.where,
        'only OAuthBearerLoginCallbackHandler has an equivalent (OIDC client credentials)',
      ),
    );
  }
  const url = properties.get('sasl.oauthbearer.token.endpoint.url');
  if (url === undefined) {
    problems.attempt(() => refuse(where, 'OAUTHBEARER needs sasl.oauthbearer.token.endpoint.url'));
  }
  const credentials = 'sasl.oauthbearer.client.credentials';
  const scope = properties.get('sasl.oauthbearer.scope')?.value ?? login?.options['scope'];
  return {
    'sasl.mechanism': mechanism,
    'sasl.oauthbearer.method': 'oidc',
    'sasl.oauthbearer.token.endpoint.url': url?.value ?? '',
    'sasl.oauthbearer.client.id': pick(`${credentials}.client.id`, 'clientId'),
    'sasl.oauthbearer.client.secret': pick(`${credentials}.client.secret`, 'clientSecret'),
    ...(scope === undefined ? {} : { 'sasl.oauthbearer.scope': scope }),
  };
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
