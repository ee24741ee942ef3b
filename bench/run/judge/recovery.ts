import type { SeriesRow } from '../../results/series-columns.ts';
import type { DisruptionEvent } from './measurement.ts';

const RECOVERED_SHARE = 0.95;

/**
 * Seconds from a disruption until records flowed again as they were offered, for good: from that second on each one
 * has at least 95 % of its due records acknowledged (and received, where there are consumers; that alone where acknowledgements are not seen). 0 where nothing was
 * to be seen of it, null where it never recovered within the load.
 */
export function recoverySec(
  event: DisruptionEvent,
  series: readonly SeriesRow[],
  consumed: boolean,
): number | null {
  const from = Math.floor(event.atSec);
  const load = series.filter((row) => (row.tSec ?? 0) >= from && (row.duePerSec ?? 0) > 0);
  let recoveredAt: number | null = null;
  for (const row of load.toReversed()) {
    const due = row.duePerSec ?? 0;
    const flowing =
      (consumed && row.ackedPerSec === null ? due : (row.ackedPerSec ?? 0)) >= RECOVERED_SHARE * due &&
      (!consumed || (row.receivedPerSec ?? 0) >= RECOVERED_SHARE * due);
    if (!flowing) break;
    recoveredAt = row.tSec;
  }
  return recoveredAt === null ? null : Math.max(0, recoveredAt - event.atSec);
}
