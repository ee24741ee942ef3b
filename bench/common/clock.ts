/**
 * Time as the generators see it. A virtual one drives the same loops in tests and in the simulated cluster.
 */
export interface Clock {
  /** µs of a monotonic clock that all processes of a host share. */
  nowUs(): number;
  /** Runs `next` no later than about `maxUs` from now, after the event loop had a turn. */
  wait(maxUs: number, next: () => void): void;
  /** Runs `next` no earlier than `ms` from now. */
  sleep(ms: number, next: () => void): void;
}

/** µs between the origins of `performance.now()` (one per process) and CLOCK_MONOTONIC (one per host). */
function originUs(): number {
  // Both read the same clock; the tightest of several brackets leaves well under 1 µs of error.
  let best = { widthUs: Number.POSITIVE_INFINITY, originUs: 0 };
  for (let i = 0; i < 50; i++) {
    const before = performance.now();
    const monotonicUs = Number(process.hrtime.bigint()) / 1000;
    const after = performance.now();
    const widthUs = (after - before) * 1000;
    if (widthUs < best.widthUs) best = { widthUs, originUs: monotonicUs - (before * 1000 + widthUs / 2) };
  }
  return best.originUs;
}

const TIMER_RESOLUTION_US = 1_000;
/** The longest block of the event loop while waiting: acknowledgements are seen at most this much late. */
const MAX_BLOCK_US = 200;
const MIN_BLOCK_US = 50;

/** The host's monotonic clock. Timers of Node have 1 ms steps, so the last stretch before a due time is a futex wait. */
export function createClock(): Clock {
  const origin = originUs();
  const cell = new Int32Array(new SharedArrayBuffer(4));
  return {
    nowUs: () => performance.now() * 1000 + origin,
    wait(maxUs, next) {
      if (maxUs > 3 * TIMER_RESOLUTION_US) {
        setTimeout(next, Math.floor(maxUs / 1000) - 2);
        return;
      }
      if (maxUs > MIN_BLOCK_US) Atomics.wait(cell, 0, 0, Math.min(maxUs - MIN_BLOCK_US, MAX_BLOCK_US) / 1000);
      setImmediate(next);
    },
    sleep(ms, next) {
      setTimeout(next, ms);
    },
  };
}
