import type { ClientSettings } from '../driver.ts';
import { answerToken } from '../tokens/answer.ts';
import { splitTokens } from '../tokens/spec.ts';

interface Given {
  readonly tokenValue: string;
  readonly lifetime: number;
  readonly principal: string;
}

/** Settings of Confluent's client, with its callback for tokens where somebody has to provide them. */
export function withTokens(given: ClientSettings): Record<string, unknown> {
  const { settings, spec } = splitTokens(given);
  if (spec === null) return { ...settings };
  return {
    ...settings,
    oauthbearer_token_refresh_cb: (_config: string, done: (error: Error | null, token?: Given) => void) => {
      const taker = {
        setToken: (tokenValue: string, lifetime: number, principal: string) =>
          done(null, { tokenValue, lifetime, principal }),
        tokenFailed: (reason: string) => done(new Error(reason)),
      };
      void answerToken(given, () => taker);
    },
  };
}
