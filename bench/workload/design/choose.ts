import { createRandom } from '../../common/random.ts';
import type { Scalar } from '../../common/scalar.ts';
import type { DesignRecord } from '../../results/design.ts';
import type { Workload } from '../schema.ts';
import { halvingProblem } from './halving.ts';
import { latinHypercube } from './latin-hypercube.ts';
import { MAX_FACTORS, screenDesign } from './screen.ts';

interface Axis {
  readonly name: string;
  /** Values as they read in settings. */
  readonly levels: readonly Scalar[];
}

export interface Chosen {
  /** The index of a value, an axis a column; null: every combination. */
  readonly rows: readonly (readonly number[])[] | null;
  readonly record: DesignRecord | null;
}

/** The combinations that a workload's design runs. A text instead is why it cannot. */
export function chooseRows(workload: Workload, axes: readonly Axis[]): Chosen | string {
  const design = workload.sweep?.design ?? 'full';
  if (design === 'full') return { rows: null, record: null };
  const fullCells = axes.reduce((product, { levels }) => product * levels.length, 1);
  if ('halving' in design) {
    const { metric, keep, finalists } = design.halving;
    const problem = halvingProblem(workload, metric);
    const record = { kind: 'halving' as const, fullCells, blocks: workload.repeats, metric, keep, finalists };
    return problem ?? { rows: null, record };
  }
  const single = axes.find(({ levels }) => levels.length < 2);
  if (single !== undefined) return `${single.name} has one value: a design needs two or more of each setting`;
  if ('screen' in design) return screened(axes, fullCells);
  const { cells, seed = workload.seed } = design['latin-hypercube'];
  if (cells > fullCells) return `${cells} cells of ${fullCells} combinations: use design: full`;
  const cube = latinHypercube(
    axes.map(({ levels }) => ({
      levels: levels.length,
      ordered: levels.every((level) => typeof level === 'number'),
    })),
    cells,
    createRandom(seed).fork('latin hypercube'),
  );
  const { minDistance } = cube;
  return { rows: cube.cells, record: { kind: 'latin-hypercube', fullCells, seed, minDistance } };
}

function screened(axes: readonly Axis[], fullCells: number): Chosen | string {
  if (axes.length > MAX_FACTORS) return `${axes.length} settings: a screen has at most ${MAX_FACTORS}`;
  const { runs, generators, resolution, aliases } = screenDesign(axes.length);
  // Low is the first value of an axis and high the last.
  const rows = runs.map((run) => run.map((high, k) => (high === 1 ? (axes[k]?.levels.length ?? 1) - 1 : 0)));
  const factors = axes.map(({ name, levels }) => ({
    axis: name,
    low: String(levels[0]),
    high: String(levels.at(-1)),
  }));
  const chains = aliases.map((chain) => chain.map(([a, b]): [number, number] => [a, b]));
  return {
    rows,
    record: { kind: 'screen', fullCells, factors, generators: [...generators], resolution, aliases: chains },
  };
}
