import { TOKENS_BY, type TokenSpec } from '../tokens/spec.ts';
import type { JaasLogin } from './jaas.ts';
import type { Problems } from './problems.ts';
import { type Properties, refuse } from './properties-file.ts';

/** Options of Amazon's IAMLoginModule, which its OAUTHBEARER handler takes as well. */
export const mskSpec = (options: JaasLogin['options']): TokenSpec => ({
  provider: 'msk-iam',
  region: null,
  profile: options['awsProfileName'] ?? null,
  roleArn: options['awsRoleArn'] ?? null,
  roleSessionName: options['awsRoleSessionName'] ?? null,
});

/** librdkafka asks for tokens, and the provider answers. */
export const tokensBy = (spec: TokenSpec): Record<string, string> => ({
  'sasl.mechanism': 'OAUTHBEARER',
  [TOKENS_BY]: JSON.stringify(spec),
});

interface Oauth {
  readonly properties: Properties;
  readonly problems: Problems;
  readonly where: string;
  /** A property's value, or the login module's option; a problem where there is neither. */
  readonly pick: (key: string, option: string) => string;
  readonly login: JaasLogin | undefined;
}

/** OAUTHBEARER: by a provider, by Azure's managed identity, or by client id and secret (OpenID Connect). */
export function oauthSettings({ properties, problems, where, pick, login }: Oauth): Record<string, string> {
  const handler = properties.get('sasl.login.callback.handler.class');
  if (handler?.value.endsWith('.IAMOAuthBearerLoginCallbackHandler')) {
    return tokensBy(mskSpec(login?.options ?? {}));
  }
  if (handler?.value.endsWith('.GcpLoginCallbackHandler')) return tokensBy({ provider: 'google' });
  if (handler !== undefined && !handler.value.endsWith('.OAuthBearerLoginCallbackHandler')) {
    problems.attempt(() =>
      refuse(
        handler.where,
        'has an equivalent only where it is OAuthBearerLoginCallbackHandler (OIDC client credentials), IAMOAuthBearerLoginCallbackHandler (Amazon MSK) or GcpLoginCallbackHandler (Google)',
      ),
    );
  }
  const url = properties.get('sasl.oauthbearer.token.endpoint.url');
  const metadata = properties.get('sasl.oauthbearer.metadata.authentication.type');
  if (metadata !== undefined) {
    if (metadata.value !== 'azure_imds') {
      problems.attempt(() => refuse(metadata.where, `expected azure_imds, got ${metadata.value}`));
    }
    const config = properties.get('sasl.oauthbearer.config')?.value;
    return {
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.method': 'oidc',
      'sasl.oauthbearer.metadata.authentication.type': 'azure_imds',
      ...(url === undefined ? {} : { 'sasl.oauthbearer.token.endpoint.url': url.value }),
      ...(config === undefined ? {} : { 'sasl.oauthbearer.config': config }),
    };
  }
  if (url === undefined) {
    problems.attempt(() => refuse(where, 'OAUTHBEARER needs sasl.oauthbearer.token.endpoint.url'));
  }
  const credentials = 'sasl.oauthbearer.client.credentials';
  const scope = properties.get('sasl.oauthbearer.scope')?.value ?? login?.options['scope'];
  return {
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.method': 'oidc',
    'sasl.oauthbearer.token.endpoint.url': url?.value ?? '',
    'sasl.oauthbearer.client.id': pick(`${credentials}.client.id`, 'clientId'),
    'sasl.oauthbearer.client.secret': pick(`${credentials}.client.secret`, 'clientSecret'),
    ...(scope === undefined ? {} : { 'sasl.oauthbearer.scope': scope }),
  };
}
