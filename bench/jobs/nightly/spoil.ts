import { memoBy } from '../../common/memo.ts';
import { POOL_NIGHTS, type Tail } from './tails.ts';

/** Cells of a density in a unit of asinh(stray ÷ σ), and the last cell: about 400 σ. */
const CELLS_PER_UNIT = 16;
const CELLS = 108;
/** What is usual before a suite's nights tell: the share of spoiled nights, and the nights that this counts for. */
const USUAL_SHARE = 0.03;
const USUAL_NIGHTS = 40;
/** The usual shape is Student's density of two degrees and this scale (σ); it counts for so many spoiled nights. */
const USUAL_SCALE = 7;
const USUAL_COUNT = 3;
/** Spoiled nights that the usual chance of two in a row counts for. */
const PAIR_NIGHTS = 10;
/** Share of spoiled nights in one direction at which a stray is weighed: spoiled, or just a far one. */
const WEIGHING_SHARE = 0.05;
/** σ below which no stray is taken for a spoiled night. */
const LEAST_SIGMAS = 2.2;
/** Width of the kernel round each spoiled night, as a share of its stray; σ at the least. */
const KERNEL_SHARE = 0.35;
/** Widths beyond which a kernel is nothing. */
const KERNEL_REACH = 5;

/** How spoiled nights stray: their share, and the density of their strays (per ln), a cell an asinh(stray ÷ σ). */
export interface Spoil {
  readonly sigma: number;
  readonly share: number;
  /** Chance that the night after a spoiled one is spoiled too. */
  readonly stays: number;
  readonly up: Float64Array;
  readonly down: Float64Array;
}

const student = (x: number): number => (2 + x * x) ** -1.5;
const normal = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

interface Far {
  /** Stray, in σ. */
  readonly size: number;
  /** Chance that the night was spoiled. */
  readonly weight: number;
}

function farOf(ascending: Float64Array, sigma: number): Far[] {
  const out: Far[] = [];
  for (let i = ascending.length - 1; i >= 0; i--) {
    const size = (ascending[i] ?? 0) / sigma;
    if (size < LEAST_SIGMAS) break;
    const spoiled = (WEIGHING_SHARE * student(size / USUAL_SCALE)) / USUAL_SCALE;
    out.push({ size, weight: spoiled / (spoiled + normal(size)) });
  }
  return out;
}

const countOf = (far: readonly Far[]): number => far.reduce((sum, { weight }) => sum + weight, 0);

const CENTRES = Float64Array.from({ length: CELLS + 1 }, (_, cell) => Math.sinh(cell / CELLS_PER_UNIT));
const cellAt = (size: number): number => CELLS_PER_UNIT * Math.asinh(Math.max(0, size));

/** A kernel on each spoiled night, over the usual shape: heavy-tailed and smooth, however few nights were seen. */
function densities(far: readonly Far[], total: number, sigma: number): Float64Array {
  const cells = CENTRES.map((size) => (USUAL_COUNT * student(size / USUAL_SCALE)) / USUAL_SCALE);
  const share = KERNEL_SHARE * Math.max(0.3, Math.min(1, 2 / Math.max(1, far.length) ** 0.2));
  for (const { size, weight } of far) {
    const width = Math.max(1, share * size);
    const end = Math.min(CELLS, cellAt(size + KERNEL_REACH * width));
    for (let cell = Math.floor(cellAt(size - KERNEL_REACH * width)); cell <= end; cell++) {
      cells[cell] = (cells[cell] ?? 0) + (weight * normal(((CENTRES[cell] ?? 0) - size) / width)) / width;
    }
  }
  return cells.map((cell) => cell / (total + USUAL_COUNT) / sigma);
}

/** By the suite's nights that a shape is read from: all its series ask for the same one. */
const shapeOf = memoBy((pool: Tail, sigma): Spoil => {
  const [up, down] = [farOf(pool.up, sigma), farOf(pool.down, sigma)];
  const total = countOf(up) + countOf(down);
  const share = (total + USUAL_SHARE * USUAL_NIGHTS) / (pool.nights + USUAL_NIGHTS);
  return {
    sigma,
    share,
    stays: (pool.farAfterFar + PAIR_NIGHTS * share) / (pool.far + PAIR_NIGHTS),
    up: densities(up, total, sigma),
    down: densities(down, total, sigma),
  };
});

/** How nights of a series are spoiled: the shape is the suite's, the share drawn towards the series' own. */
export function spoilOf(own: Tail, pool: Tail, leastSigma: number): Spoil {
  const shape = shapeOf(pool, Math.max(pool.sigma, leastSigma));
  if (own === pool || own.nights === 0) return shape;
  const seen = countOf(farOf(own.up, shape.sigma)) + countOf(farOf(own.down, shape.sigma));
  return { ...shape, share: (seen + POOL_NIGHTS * shape.share) / (own.nights + POOL_NIGHTS) };
}

/** Density of a spoiled night's stray (ln), up being worse. */
export function densityOf({ sigma, up, down }: Spoil, stray: number): number {
  const cells = stray >= 0 ? up : down;
  const place = cellAt(Math.abs(stray) / sigma);
  // Beyond the last cell: the tail of the usual shape.
  if (place >= CELLS) return (cells[CELLS] ?? 0) * Math.exp((-3 * (place - CELLS)) / CELLS_PER_UNIT);
  const cell = Math.floor(place);
  const part = place - cell;
  return (1 - part) * (cells[cell] ?? 0) + part * (cells[cell + 1] ?? 0);
}
