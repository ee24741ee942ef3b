import type { Clock } from '../common/clock.ts';

const READ_EVERY_MS = 5;

/** Reads on until `work` of the client has ended: it may be waiting for room for what is to be read. */
export async function readWhile<T>(work: Promise<T>, clock: Clock, read: () => void): Promise<T> {
  let over = false;
  const again = (): void => {
    read();
    if (!over) clock.sleep(READ_EVERY_MS, again);
  };
  again();
  try {
    return await work;
  } finally {
    over = true;
    read();
  }
}
