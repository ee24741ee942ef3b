import { formatUnit } from '../../bench/results/figure-units.ts';
import { metricOf } from '../../bench/results/metrics.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { spread } from '../../bench/stats/describe.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { boundsOf, formatSpread, relativeRange } from '../run/format-spread.ts';
import { groupBy } from '../run/group-by.ts';
import { lateGroupsView, shareGroupsView } from './groups.ts';
import { leftOutText } from './left-out.ts';
import type { View } from './view.ts';

/** What figures alone do not tell, as tables: searches, consumers and disruptions, each where the run has them. */
export function tableViews(cells: readonly CellSummary[]): View[] {
  const without = leftOutText(cells);
  return [
    searchView(cells),
    consumersView(cells),
    shareGroupsView(cells),
    lateGroupsView(cells),
    disruptionsView(cells),
  ]
    .filter((view) => view !== null)
    .map((view) => ({ ...view, reading: `${view.reading}${without}` }));
}

const LIMITED_BY: Readonly<Record<NonNullable<RepeatResult['search']>['limitedBy'], string>> = {
  cluster: 'the cluster',
  generator: 'the load generator: the cluster may carry more',
  range: 'the range searched: the cluster may carry more',
  probes: 'the number of probes: the bracket is wide',
  time: 'the time: the bracket is wide',
};

function searchView(cells: readonly CellSummary[]): View | null {
  const [low, high] = [metricOf('search.lowPerSec'), metricOf('search.highPerSec')];
  const rows = cells.flatMap((cell) => {
    const searches = cell.valid.flatMap((one) => one.search ?? []);
    if (searches.length === 0) return [];
    const [sustained, not] = [cell.of(low), cell.of(high)];
    const limits = [...new Set(searches.map((one) => LIMITED_BY[one.limitedBy]))];
    const failed = [...new Set(searches.flatMap((one) => one.failed))];
    return [
      {
        limited: searches.some((one) => one.limitedBy !== 'cluster'),
        fields: [
          cell.name,
          sustained === null ? 'none' : formatSpread(low, sustained),
          not === null ? '–' : formatSpread(high, not),
          sustained === null || sustained.n < 2 ? '–' : relativeRange(sustained),
          limits.join('; '),
          failed.join('; '),
        ],
      },
    ];
  });
  if (rows.length === 0) return null;
  const limited = rows.filter((row) => row.limited).length;
  return {
    title: 'Sustainable rates',
    reading:
      limited === 0
        ? 'Each search ended at a limit of the cluster: the rate it sustained, and the lowest that it did not.'
        : `In ${limited} of ${rows.length} cells something else than the cluster ended a search: its rate is a lower bound.`,
    table: {
      caption: 'Sustainable rate of each cell',
      columns: [
        { head: 'Cell' },
        { head: 'Sustained', numeric: true },
        { head: 'Not sustained', numeric: true },
        { head: '(max − min) ÷ median', numeric: true },
        { head: 'Limited by' },
        { head: 'What failed' },
      ],
      rows,
    },
  };
}

function consumersView(cells: readonly CellSummary[]): View | null {
  const rows = cells.flatMap((cell) => {
    const groups = cell.valid.flatMap((repeat) => [
      ...groupBy(repeat.consumers, (one) => one.group).values(),
    ]);
    if (!groups.some((group) => group.length > 1)) return [];
    const range = (values: readonly number[]) => {
      const { min, max } = spread(values);
      return min === max ? String(min) : `${min} to ${max}`;
    };
    const idle = groups.map((group) => group.filter((one) => one.idle).length);
    // 1: each consumer of a group received as much as the others.
    const balance = groups.flatMap((group) => {
      const total = group.reduce((sum, one) => sum + one.received, 0);
      return total === 0 ? [] : [(Math.max(...group.map((one) => one.received)) * group.length) / total];
    });
    return [
      {
        idle: Math.max(...idle),
        fields: [
          cell.name,
          range(groups.map((group) => group.length)),
          range(idle),
          range(groups.flatMap((group) => group.map((one) => one.partitions.length))),
          balance.length === 0 ? '–' : `${balanceText(balance)} ×`,
          range(groups.flatMap((group) => group.map((one) => one.rebalances))),
        ],
      },
    ];
  });
  if (rows.length === 0) return null;
  const idle = rows.filter((row) => row.idle > 0).length;
  return {
    title: 'Consumers of a group',
    reading:
      idle === 0
        ? 'Every consumer had partitions to read.'
        : `In ${idle} of ${rows.length} cells consumers sat idle: a group can use no more consumers than the topic has partitions.`,
    table: {
      caption: 'Consumers, partitions and balance of each cell, ranges over valid repeats',
      columns: [
        'Cell',
        'Consumers per group',
        'Idle',
        'Partitions each',
        'Busiest ÷ mean',
        'Rebalances each',
      ].map((head, i) => ({ head, numeric: i > 0 })),
      rows,
    },
  };
}

/** "1.08 [1.02, 1.31]": over groups and repeats. */
function balanceText(balance: readonly number[]): string {
  const all = spread(balance);
  const bounds = boundsOf(all);
  const median = all.median.toFixed(2);
  return bounds === null ? median : `${median} [${bounds.low.toFixed(2)}, ${bounds.high.toFixed(2)}]`;
}

function disruptionsView(cells: readonly CellSummary[]): View | null {
  const rows = cells.flatMap((cell) =>
    cell.valid.flatMap((repeat) =>
      repeat.disruptions.map(({ atSec, action, recoverySec }) => ({
        recoverySec,
        fields: [
          cell.name,
          String(repeat.block),
          action,
          formatUnit(atSec, 'sec'),
          recoverySec === null ? 'not in the window' : formatUnit(recoverySec, 'sec'),
        ],
      })),
    ),
  );
  if (rows.length === 0) return null;
  const recovered = rows.flatMap((row) => row.recoverySec ?? []);
  const longest =
    recovered.length === 0 ? '' : `, at the latest after ${formatUnit(Math.max(...recovered), 'sec')}`;
  return {
    title: 'Disruptions',
    reading: `After ${recovered.length} of ${rows.length} disruptions records flowed at the offered rate again within the window${longest}.`,
    table: {
      caption: 'Disruptions and recovery',
      columns: ['Cell', 'Block', 'Action', 'At', 'Recovered after'].map((head, i) => ({
        head,
        numeric: i === 1 || i > 2,
      })),
      rows,
    },
  };
}
