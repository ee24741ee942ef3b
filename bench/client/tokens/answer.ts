import type { ClientSettings } from '../driver.ts';
import { provideToken } from './provide.ts';
import { splitTokens, type Token } from './spec.ts';

/** A client that asks for tokens: when it begins, and before each ends. */
export interface TokenTaker {
  setToken(value: string, expiresAtMs: number, principal: string): void;
  /** The client tells its user, and asks again after a while. */
  tokenFailed(reason: string): void;
}

/** Answers a client's question for a token. Never throws: a client that was closed meanwhile needs none. */
export async function answerToken(
  given: ClientSettings,
  taker: () => TokenTaker,
  provide: typeof provideToken = provideToken,
): Promise<void> {
  const { spec, settings } = splitTokens(given);
  if (spec === null) return;
  let token: Token | string;
  try {
    token = await provide(spec, String(settings['bootstrap.servers'] ?? ''));
  } catch (error) {
    token = error instanceof Error ? error.message : String(error);
  }
  try {
    if (typeof token === 'string') taker().tokenFailed(token);
    else taker().setToken(token.value, token.expiresAtMs, token.principal);
  } catch {
    // It has been closed.
  }
}
