import type { RowSource } from '../client/driver.ts';
import type { Clock } from '../common/clock.ts';

/** The event loop gets a turn this often: orders and timers wait no longer for a loop that blocks in its client. */
const SLICE_US = 1_000;
/** Beyond this a timer will do, which leaves the thread to the event loop. */
const TIMER_US = 5_000;

/**
 * Runs a producer's step again and again: at the time that it asks for, or earlier where rows came that it wants to
 * read. Where the client can block, the thread waits in it and wakes to the microsecond; where it cannot, the clock waits.
 *
 * @param step does what is due and returns when it wants to be called again, µs of the clock; Infinity: never
 */
export function runTurns(clock: Clock, client: Pick<RowSource, 'waitUntil'>, step: () => number): void {
  const blocks = client.waitUntil(clock.nowUs());
  const turn = (): void => {
    const sliceEndUs = clock.nowUs() + SLICE_US;
    for (;;) {
      const nextUs = step();
      if (nextUs === Number.POSITIVE_INFINITY) return;
      const nowUs = clock.nowUs();
      const waitUs = Math.max(0, nextUs - nowUs);
      // A client that blocks is woken early enough to wait for the rest in it.
      if (!blocks || waitUs > TIMER_US || nowUs >= sliceEndUs) {
        clock.wait(blocks && waitUs <= TIMER_US ? 0 : waitUs, turn);
        return;
      }
      if (waitUs > 0) client.waitUntil(Math.min(nextUs, sliceEndUs));
    }
  };
  turn();
}
