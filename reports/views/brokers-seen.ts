import { allTogether } from '../../bench/common/broker-as-seen.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import type { View } from './view.ts';

/** What befell the topics of a cell's repeats, in words; nothing where nothing did. */
function replicasOf({ repeats }: CellSummary): string[] {
  const seen = repeats.flatMap(({ topicAsSeen }) => topicAsSeen ?? []);
  const changes = seen.reduce((sum, { leaderChanges }) => sum + leaderChanges, 0);
  const under = seen.filter(({ underReplicatedLooks }) => underReplicatedLooks > 0);
  return [
    ...(changes > 0 ? ['Partitions changed their leaders while it was measured.'] : []),
    ...(under.length > 0
      ? [
          `Replicas were out of sync: down to ${Math.min(...under.map(({ inSyncMin }) => inSyncMin))} in sync.`,
        ]
      : []),
  ];
}

const ms = (us: number): string => (us / 1000).toFixed(1);

/** What the protocol itself told of each broker, without any metrics of its own. Null where no producer did. */
export function brokersSeenView(cells: readonly CellSummary[]): View | null {
  let heldBack = false;
  const rows = cells.flatMap((cell) =>
    Object.entries(allTogether(cell.repeats.map((repeat) => repeat.brokersAsSeen ?? {}))).map(
      ([name, seen]) => {
        const { requests, roundTripUs, roundTripMaxUs, throttleMs, sentBytes } = seen;
        heldBack ||= throttleMs > 0;
        return {
          fields: [
            cell.name,
            name,
            String(requests),
            requests === 0 ? '–' : ms(roundTripUs / requests),
            requests === 0 ? '–' : ms(roundTripMaxUs),
            throttleMs.toFixed(0),
            (sentBytes / 1e6).toFixed(1),
          ],
        };
      },
    ),
  );
  if (rows.length === 0) return null;
  return {
    title: 'Brokers as the producers saw them',
    reading: `${[...new Set(cells.flatMap(replicasOf))].map((text) => `${text} `).join('')}${heldBack ? 'Brokers held producers back for a quota. ' : ''}A round trip ends with the answer, which waits for the replicas that acks asks for.`,
    table: {
      caption: 'Requests of all producers over the windows of all repeats',
      columns: [
        { head: 'Cell' },
        { head: 'Broker' },
        { head: 'Requests answered', numeric: true },
        { head: 'Round trip, mean ms', numeric: true },
        { head: 'longest ms', numeric: true },
        { head: 'Held back, ms', numeric: true },
        { head: 'Sent, MB', numeric: true },
      ],
      rows,
    },
  };
}
