import type { SampleInfo } from '../../corpus/sample/sample-file.ts';

/** Rates over what a topic retains, records a second; null where that is not known. */
export function historyRate(history: SampleInfo['history']) {
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined || last.fromMs <= first.fromMs) return null;
  const spanSec = (last.fromMs - first.fromMs) / 1000;
  const intervalSec = spanSec / (history.length - 1);
  const all = history.reduce((sum, { records }) => sum + records, 0);
  const most = history.reduce((largest, { records }) => Math.max(largest, records), 0);
  return { spanSec, intervalSec, meanPerSec: all / spanSec, peakPerSec: most / intervalSec };
}
