import type { Random } from '../../common/random.ts';

export interface HypercubeAxis {
  readonly levels: number;
  /** True where neighbouring values are closer than distant ones: numbers; false for names such as codecs. */
  readonly ordered: boolean;
}

export interface Hypercube {
  /** A cell a row: the index of a value, an axis a column. */
  readonly cells: readonly (readonly number[])[];
  readonly minDistance: number;
}

/** Morris and Mitchell's φ with this power ranks designs nearly as the smallest distance does, and has a slope. */
const POWER = 15;
const STARTS = 8;
/** Distances reckoned while improving: bounds the time to a second or so. */
const WORK = 20_000_000;

/**
 * A maximin Latin hypercube over axes of discrete values (Morris and Mitchell, Exploratory designs for computational
 * experiments, 1995): each value of an axis occurs equally often, give or take one, and swaps within columns drive
 * the cells apart.
 */
export function latinHypercube(axes: readonly HypercubeAxis[], cells: number, random: Random): Hypercube {
  let best: number[][] = [];
  let bestPhi = Number.POSITIVE_INFINITY;
  for (let start = 0; start < STARTS; start++) {
    const columns = axes.map(({ levels }) =>
      random.shuffle(Array.from({ length: cells }, (_, i) => Math.floor((i * levels) / cells))),
    );
    const phi = improve(columns, axes, random);
    if (phi < bestPhi) [best, bestPhi] = [columns, phi];
  }
  const rows = Array.from({ length: cells }, (_, i) => best.map((column) => column[i] ?? 0));
  return { cells: rows, minDistance: minDistance(rows, axes) };
}

/** City-block distance, each axis scaled to 0 … 1; between names it is 0 or 1. */
function distance(a: readonly number[], b: readonly number[], axes: readonly HypercubeAxis[]): number {
  return axes.reduce((sum, { levels, ordered }, k) => {
    const off = Math.abs((a[k] ?? 0) - (b[k] ?? 0));
    return sum + (off === 0 ? 0 : ordered ? off / (levels - 1) : 1);
  }, 0);
}

export function minDistance(rows: readonly (readonly number[])[], axes: readonly HypercubeAxis[]): number {
  let least = Number.POSITIVE_INFINITY;
  rows.forEach((row, i) => {
    for (const other of rows.slice(i + 1)) least = Math.min(least, distance(row, other, axes));
  });
  return least;
}

/** Swaps two values of a column wherever that lowers φ; returns φ. Equal cells weigh most of all. */
function improve(columns: number[][], axes: readonly HypercubeAxis[], random: Random): number {
  const cells = columns[0]?.length ?? 0;
  const row = (i: number): number[] => columns.map((column) => column[i] ?? 0);
  const pull = (i: number, but: number): number => {
    const own = row(i);
    let total = 0;
    for (let j = 0; j < cells; j++) {
      if (j !== i && j !== but) total += (distance(own, row(j), axes) + 0.01) ** -POWER;
    }
    return total;
  };
  const tries = Math.max(20 * cells, Math.floor(WORK / STARTS / Math.max(1, 4 * cells * axes.length ** 2)));
  for (let i = 0; i < Math.min(tries, 4_000) && cells > 1; i++) {
    const column = columns[random.int(columns.length)] ?? [];
    const [a, b] = [random.int(cells), random.int(cells)];
    if (column[a] === column[b]) continue;
    const before = pull(a, b) + pull(b, a);
    swap(column, a, b);
    if (pull(a, b) + pull(b, a) > before) swap(column, a, b);
  }
  let phi = 0;
  for (let i = 0; i < cells; i++) phi += pull(i, i);
  return phi;
}

function swap(column: number[], a: number, b: number): void {
  const [one, other] = [column[a] ?? 0, column[b] ?? 0];
  column[a] = other;
  column[b] = one;
}
