import { rememberSecrets } from '../../common/redact.ts';
import type { Token, TokenSpec } from './spec.ts';

/** b-1.name.abc123.c2.kafka.eu-west-1.amazonaws.com, boot-….kafka-serverless.eu-west-1.amazonaws.com */
const MSK_HOST = /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?(?::|,|$)/;

/** The region that an address of Amazon MSK names; null where it is none. */
export const regionOf = (bootstrapServers: string): string | null =>
  MSK_HOST.exec(bootstrapServers)?.[1] ?? null;

async function mskToken(spec: Extract<TokenSpec, { provider: 'msk-iam' }>, servers: string): Promise<Token> {
  const region = spec.region ?? process.env['AWS_REGION'] ?? regionOf(servers);
  if (region === null) {
    throw new Error(`the AWS region is not known: set AWS_REGION, since ${servers} does not name it`);
  }
  // Loaded only where it is needed: it brings AWS's credential providers.
  const { default: signer } = await import('aws-msk-iam-sasl-signer-js');
  const { token, expiryTime } = await sign(signer, spec, region);
  return { value: token, expiresAtMs: expiryTime, principal: 'ksweep' };
}

function sign(
  signer: typeof import('aws-msk-iam-sasl-signer-js'),
  { profile, roleArn, roleSessionName }: Extract<TokenSpec, { provider: 'msk-iam' }>,
  region: string,
): Promise<{ token: string; expiryTime: number }> {
  if (roleArn !== null) {
    return signer.generateAuthTokenFromRole({
      region,
      awsRoleArn: roleArn,
      ...(roleSessionName === null ? {} : { awsRoleSessionName: roleSessionName }),
    });
  }
  if (profile !== null) return signer.generateAuthTokenFromProfile({ region, awsProfileName: profile });
  return signer.generateAuthToken({ region });
}

const encoded = (part: object | string): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/**
 * The form that Google's Managed Service for Apache Kafka wants: an access token as the signature of a JWT that names
 * its account (googleapis/managedkafka, kafka_gcp_credentials_server.py).
 */
export function googleToken(accessToken: string, account: string, expiresAtMs: number, nowMs: number): Token {
  const header = { typ: 'JWT', alg: 'GOOG_OAUTH2_TOKEN' };
  const payload = {
    exp: Math.floor(expiresAtMs / 1000),
    iat: Math.floor(nowMs / 1000),
    iss: 'Google',
    scope: 'kafka',
    sub: account,
  };
  return {
    value: [header, payload, accessToken].map(encoded).join('.'),
    expiresAtMs,
    principal: account,
  };
}

const GOOGLE_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** Google's access tokens last an hour; one whose end is not told is asked for again well before. */
const GOOGLE_UNTOLD_MS = 1_800_000;

async function fromGoogle(): Promise<Token> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: [GOOGLE_SCOPE] });
  const client = await auth.getClient();
  const { token } = await client.getAccessToken();
  if (token == null) throw new Error('Google’s application default credentials gave no access token');
  const { client_email: account } = await auth.getCredentials();
  if (account === undefined) throw new Error('Google’s application default credentials name no account');
  const nowMs = Date.now();
  return googleToken(token, account, client.credentials.expiry_date ?? nowMs + GOOGLE_UNTOLD_MS, nowMs);
}

/** A fresh token. Throws with the provider's reason. */
export async function provideToken(spec: TokenSpec, bootstrapServers: string): Promise<Token> {
  const token = spec.provider === 'google' ? await fromGoogle() : await mskToken(spec, bootstrapServers);
  rememberSecrets({ token: token.value });
  return token;
}
