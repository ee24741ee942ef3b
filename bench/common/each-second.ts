import type { Clock } from './clock.ts';

/** Runs `run` at each whole second since `startUs`; one that came late moves no other. Returns what ends it. */
export function eachSecond(clock: Clock, startUs: number, run: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let sec = Number.NEGATIVE_INFINITY;
  const schedule = (): void => {
    if (ended) return;
    const elapsedUs = clock.nowUs() - startUs;
    // A timer may come a millisecond early, and its second is not to come twice.
    sec = Math.max(sec, Math.floor(elapsedUs / 1e6)) + 1;
    timer = setTimeout(
      () => {
        run();
        schedule();
      },
      Math.max(0, (sec * 1e6 - elapsedUs) / 1000),
    );
  };
  schedule();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
