import { ClientError } from '../driver.ts';

/** What librdkafka refused; a wrong argument stays the TypeError or RangeError that it is. */
function clientError(error: unknown): unknown {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  const ofLibrary = typeof code === 'string' && code.startsWith('ERR_') && !(error instanceof ClientError);
  return ofLibrary ? new ClientError(code, (error as Error).message) : error;
}

export function called<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw clientError(error);
  }
}

export async function promised<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw clientError(error);
  }
}
