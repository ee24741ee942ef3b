import { delay } from '../../common/deadline.ts';
import { ClientError } from '../driver.ts';

/** What a broker answers until the group's coordinator has been found and has read its log; librdkafka has two names for each. */
const SOON =
  /^ERR_((GROUP|COORDINATOR)_LOAD_IN_PROGRESS|(GROUP_)?COORDINATOR_NOT_AVAILABLE|NOT_COORDINATOR(_FOR_GROUP)?)$/;
const PAUSE_MS = 100;

/** Asks again while a group's coordinator is not ready, for `limitMs` at most; throws what the last try threw. */
export async function onceCoordinated<T>(limitMs: number, ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const soon = error instanceof ClientError && SOON.test(error.code);
      if (!soon || performance.now() + PAUSE_MS > deadline) throw error;
    }
    await delay(PAUSE_MS);
  }
}
