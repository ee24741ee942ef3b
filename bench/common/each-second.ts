import type { Clock } from './clock.ts';

/** Runs `run` at each whole second since `startUs`; one that came late moves no other. Returns what ends it. */
export function eachSecond(clock: Clock, startUs: number, run: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const schedule = (): void => {
    if (ended) return;
    const elapsedUs = clock.nowUs() - startUs;
    const nextUs = (Math.floor(elapsedUs / 1e6) + 1) * 1e6;
    timer = setTimeout(
      () => {
        run();
        schedule();
      },
      Math.max(0, (nextUs - elapsedUs) / 1000),
    );
  };
  schedule();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
