import type { ClientSettings } from '../driver.ts';

/** Who signs tokens for SASL/OAUTHBEARER where librdkafka cannot fetch them by itself. */
export type TokenSpec =
  /** Amazon MSK's IAM: credentials are those of AWS's own chain on each load host, unless a profile or role is named. */
  | {
      readonly provider: 'msk-iam';
      readonly region: string | null;
      readonly profile: string | null;
      readonly roleArn: string | null;
      readonly roleSessionName: string | null;
    }
  /** Google's Managed Service for Apache Kafka: application default credentials. */
  | { readonly provider: 'google' };

export interface Token {
  readonly value: string;
  /** ms since 1970. */
  readonly expiresAtMs: number;
  readonly principal: string;
}

/** Under which name a specification travels among a client's settings, as JSON; it holds no secret. */
export const TOKENS_BY = 'ksweep.oauth.provider';

/** A client's settings without ksweep's own, and whose tokens it takes; null where librdkafka needs none from here. */
export function splitTokens(given: ClientSettings): {
  readonly settings: ClientSettings;
  readonly spec: TokenSpec | null;
} {
  const { [TOKENS_BY]: text, ...settings } = given;
  return { settings, spec: text === undefined ? null : (JSON.parse(String(text)) as TokenSpec) };
}
