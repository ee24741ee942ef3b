import { ClientError } from '../driver.ts';
import Kafka from './addon.ts';

const CODE_NAMES = new Map(
  Object.entries(Kafka.CODES.ERRORS as unknown as Record<string, number>).map(([name, code]) => [code, name]),
);

export function codeName(code: number): string {
  return CODE_NAMES.get(code) ?? `ERR_${code}`;
}

export function clientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return new ClientError(typeof code === 'number' ? codeName(code) : 'ERR__FAIL', message);
}

export type Callback<T> = (error: unknown, value: T) => void;

export function promised<T>(call: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      call((error, value) => (error ? reject(clientError(error)) : resolve(value)));
    } catch (error) {
      reject(clientError(error));
    }
  });
}
