import type { Binding, RepeatResult } from '../../bench/results/result.ts';
import { median } from '../../bench/stats/describe.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import type { View } from './view.ts';

const SHOWN = 3;

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** A resource over a cell's repeats: the median of how near it was, and in how many of them it bound. */
interface Standing {
  readonly resource: string;
  readonly share: number;
  readonly bound: number;
  readonly evidence: string;
}

function standings(repeats: readonly RepeatResult[]): Standing[] {
  const agreed = ({ bound }: { readonly bound: number }): boolean => bound * 2 > repeats.length;
  const byResource = new Map<string, Binding[]>();
  for (const { boundBy = [] } of repeats) {
    for (const one of boundBy) byResource.set(one.resource, [...(byResource.get(one.resource) ?? []), one]);
  }
  return (
    [...byResource]
      .map(([resource, all]) => ({
        resource,
        share: median(all.map(({ share }) => share)),
        bound: all.filter(({ binds }) => binds).length,
        evidence: all.at(-1)?.evidence ?? '',
      }))
      // What bound most of the repeats comes first, whatever only followed from it.
      .toSorted((a, b) => Number(agreed(b)) - Number(agreed(a)) || b.share - a.share)
  );
}

/** What held each cell back: resources by how near to their limit they were. Null where no repeat tells. */
export function boundView(cells: readonly CellSummary[]): View | null {
  const rows = cells.flatMap((cell) => {
    const repeats = cell.repeats.filter(({ boundBy = [] }) => boundBy.length > 0);
    if (repeats.length === 0) return [];
    const ranked = standings(repeats);
    const [first] = ranked;
    const agreed = first !== undefined && first.bound * 2 > repeats.length;
    return [
      {
        bound: agreed ? first.resource : null,
        fields: [
          cell.name,
          agreed ? `${first.resource} (${first.bound} of ${repeats.length} repeats)` : 'not known',
          ...Array.from({ length: SHOWN }, (_, i) => {
            const one = ranked[i];
            return one === undefined ? '–' : `${one.resource}: ${percent(one.share)} (${one.evidence})`;
          }),
        ],
      },
    ];
  });
  if (rows.length === 0) return null;
  const bound = [...new Set(rows.flatMap((row) => row.bound ?? []))];
  return {
    title: 'What bound each cell',
    reading:
      bound.length === 0
        ? 'No resource was near enough to its limit, or stood out enough, to be named: what bound these cells is not known.'
        : `Bound by ${bound.join(', ')}${rows.some((row) => row.bound === null) ? '; of the other cells it is not known' : ''}. A resource is named from 85 % of its limit on, where it stands out by 5 points in most repeats.`,
    table: {
      caption: 'Resources by how near to their limit they were, medians over repeats',
      columns: [
        { head: 'Cell' },
        { head: 'Bound by' },
        { head: 'Nearest' },
        { head: 'Next' },
        { head: 'Then' },
      ],
      rows,
    },
  };
}
