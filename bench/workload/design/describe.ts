import { chainName, type DesignRecord, type HalvingRecord } from '../../results/design.ts';
import { halvingRepeats, halvingRounds } from './halving.ts';

function describeHalving(record: HalvingRecord, cells: number): string[] {
  const rounds = halvingRounds(cells, record.blocks, record);
  const repeats = halvingRepeats(rounds);
  const all = cells * record.blocks;
  return [
    `successive halving by ${record.metric}: ${repeats} of ${all} repeats, ${all - repeats} saved`,
    ...rounds.map(({ cells: left, from, to }) => {
      const blocks = to - from === 1 ? `block ${from}` : `blocks ${from} to ${to - 1}`;
      return `  ${left} ${left === 1 ? 'cell' : 'cells'} in ${blocks}`;
    }),
  ];
}

/** What a design runs, what it saves, and what it cannot tell, a line each. */
export function describeDesign(record: DesignRecord, cells: number): string[] {
  const saved = `${cells} of ${record.fullCells} combinations, ${record.fullCells - cells} saved`;
  if (record.kind === 'halving') return describeHalving(record, cells);
  if (record.kind === 'latin-hypercube') {
    return [
      `maximin Latin hypercube: ${saved}; two cells are at least ${record.minDistance.toFixed(2)} apart (each setting 0 to 1)`,
    ];
  }
  const { factors, generators, resolution, aliases } = record;
  const clear =
    resolution === null ? 'every combination of two values' : `a fraction of resolution ${resolution}`;
  return [
    `screening of ${factors.length} settings, first value against last: ${saved}; ${clear}`,
    ...(generators.length === 0
      ? []
      : [`generators: ${generators.join(', ')} (letters in the order of the axes, without I)`]),
    ...(aliases.length === 0
      ? ['no two-factor interactions are aliased with each other']
      : [
          'main effects are clear of two-factor interactions; these interactions cannot be told apart:',
          ...aliases.map((chain) => `  ${chainName(record, chain)}`),
        ]),
  ];
}
