import { formatUnit } from '../../bench/results/figure-units.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import type { View } from './view.ts';

/** How groups that began late caught up. Null where there are none. */
export function lateGroupsView(cells: readonly CellSummary[]): View | null {
  const rows = cells.flatMap((cell) =>
    cell.valid.flatMap((repeat) =>
      (repeat.lateGroups ?? []).map(({ beganSec, behindRecords, caughtUpSec, readPerSec }) => ({
        caughtUpSec,
        fields: [
          cell.name,
          String(repeat.block),
          formatUnit(beganSec, 'sec'),
          behindRecords === null ? '–' : formatUnit(behindRecords, 'records'),
          caughtUpSec === null ? 'not in the window' : formatUnit(caughtUpSec, 'sec'),
          readPerSec === null ? '–' : formatUnit(readPerSec, 'perSec'),
        ],
      })),
    ),
  );
  if (rows.length === 0) return null;
  const caughtUp = rows.filter((row) => row.caughtUpSec !== null).length;
  return {
    title: 'Groups that began late',
    reading: `${caughtUp} of ${rows.length} caught up with the end of the topic within the window. End-to-end latency and lag are those of the other groups.`,
    table: {
      caption: 'Groups that began late, by repeat',
      columns: ['Cell', 'Block', 'Began', 'Behind', 'Caught up after', 'Read'].map((head, i) => ({
        head,
        numeric: i > 0,
      })),
      rows,
    },
  };
}

/** What share groups delivered again, gave back and refused. Null where there are none. */
export function shareGroupsView(cells: readonly CellSummary[]): View | null {
  const rows = cells.flatMap((cell) =>
    cell.repeats.flatMap((repeat) => {
      const { share, received } = repeat.counts;
      if (share === undefined) return [];
      const counts = [share.redelivered, share.released, share.rejected, share.exhausted, share.expired];
      return [{ counts, fields: [cell.name, String(repeat.block), received, ...counts].map(String) }];
    }),
  );
  if (rows.length === 0) return null;
  const again = rows.filter(({ counts: [redelivered = 0] }) => redelivered > 0).length;
  return {
    title: 'Share groups',
    reading:
      again === 0
        ? 'No record was delivered again.'
        : `In ${again} of ${rows.length} repeats records were delivered again: given back, or held for longer than the lock.`,
    table: {
      caption: 'Deliveries of share groups, by repeat',
      columns: [
        'Cell',
        'Block',
        'Deliveries',
        'Of records delivered before',
        'Given back',
        'Rejected',
        'Given up',
        'Too late',
      ].map((head, i) => ({ head, numeric: i > 0 })),
      rows,
    },
  };
}
