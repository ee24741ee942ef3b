/** Least squares for the Universal Scalability Law: the numbers only; usl.ts gives them their meaning. */

export interface UslPoint {
  readonly n: number;
  readonly throughput: number;
}

/** γ, α, β */
export type UslParameters = readonly [number, number, number];

export function uslThroughput([gamma, alpha, beta]: UslParameters, n: number): number {
  return (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));
}

export function uslSquares(points: readonly UslPoint[], parameters: UslParameters): number {
  let squares = 0;
  for (const { n, throughput } of points) squares += (throughput - uslThroughput(parameters, n)) ** 2;
  return squares;
}

/** Solves the normal equations by Gauss–Jordan elimination with pivots; undefined where they are singular. */
function solve(matrix: number[][], right: readonly number[]): number[] | undefined {
  const size = right.length;
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    }
    const pivotRow = rows[pivot] ?? [];
    const held = rows[column] ?? [];
    rows[pivot] = held;
    rows[column] = pivotRow;
    const divisor = pivotRow[column] ?? 0;
    if (Math.abs(divisor) < 1e-300) return undefined;
    for (let i = column; i <= size; i++) pivotRow[i] = (pivotRow[i] ?? 0) / divisor;
    for (const row of rows) {
      const factor = row[column] ?? 0;
      if (row === pivotRow || factor === 0) continue;
      for (let i = column; i <= size; i++) row[i] = (row[i] ?? 0) - factor * (pivotRow[i] ?? 0);
    }
  }
  return rows.map((row) => row[size] ?? 0);
}

/** ∂X/∂γ, ∂X/∂α, ∂X/∂β */
function gradient(parameters: UslParameters, n: number): [number, number, number] {
  const [gamma, alpha, beta] = parameters;
  const denominator = 1 + alpha * (n - 1) + beta * n * (n - 1);
  const slope = (-gamma * n) / denominator ** 2;
  return [n / denominator, slope * (n - 1), slope * n * (n - 1)];
}

const MAX_STEPS = 200;
const TOLERANCE = 1e-14;

/** Levenberg–Marquardt over the parameters named in `free`; the others keep their value. */
function refine(
  points: readonly UslPoint[],
  start: UslParameters,
  free: readonly (0 | 1 | 2)[],
): UslParameters {
  let parameters = start;
  let squares = uslSquares(points, parameters);
  let damping = 1e-3;
  for (let step = 0; step < MAX_STEPS && damping < 1e12; step++) {
    const normal = free.map(() => free.map(() => 0));
    const right = free.map(() => 0);
    for (const { n, throughput } of points) {
      const slopes = gradient(parameters, n);
      const residual = throughput - uslThroughput(parameters, n);
      free.forEach((a, i) => {
        right[i] = (right[i] ?? 0) + slopes[a] * residual;
        const row = normal[i] ?? [];
        free.forEach((b, j) => {
          row[j] = (row[j] ?? 0) + slopes[a] * slopes[b];
        });
      });
    }
    const damped = normal.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) : value)));
    const change = solve(damped, right);
    const next: [number, number, number] = [...parameters];
    free.forEach((which, i) => {
      next[which] += change?.[i] ?? 0;
    });
    const nextSquares = uslSquares(points, next);
    if (change !== undefined && nextSquares <= squares) {
      const gained = squares - nextSquares;
      parameters = next;
      squares = nextSquares;
      damping /= 10;
      if (gained <= TOLERANCE * squares) break;
    } else {
      damping *= 10;
    }
  }
  return parameters;
}

/** N/X = 1/γ + (α/γ)(N − 1) + (β/γ)N(N − 1) is linear: its least squares on relative residuals are the start. */
function linearStart(points: readonly UslPoint[]): UslParameters {
  const normal = [0, 1, 2].map(() => [0, 0, 0]);
  const right = [0, 0, 0];
  for (const { n, throughput } of points) {
    const y = n / throughput;
    const terms = [1 / y, (n - 1) / y, (n * (n - 1)) / y];
    terms.forEach((a, i) => {
      right[i] = (right[i] ?? 0) + a;
      const row = normal[i] ?? [];
      terms.forEach((b, j) => {
        row[j] = (row[j] ?? 0) + a * b;
      });
    });
  }
  const [c0 = 0, c1 = 0, c2 = 0] = solve(normal, right) ?? [];
  if (c0 > 0) return [1 / c0, Math.max(0, c1 / c0), Math.max(0, c2 / c0)];
  const best = points.reduce((most, { n, throughput }) => Math.max(most, throughput / n), 0);
  return [best, 0, 0];
}

/**
 * γ > 0, α ≥ 0, β ≥ 0 with the least Σ(X − X̂)². Where the free fit leaves the allowed region, the best one lies
 * on its border: every choice of parameters held at 0 is fitted, and the best that is allowed wins.
 */
export function fitUslParameters(points: readonly UslPoint[]): UslParameters {
  const start = linearStart(points);
  const borders = [[0, 1, 2], [0, 1], [0, 2], [0]] as const;
  let best: UslParameters = [start[0], 0, 0];
  let bestSquares = Number.POSITIVE_INFINITY;
  for (const free of borders) {
    const held: UslParameters = [
      start[0],
      free.some((which) => which === 1) ? start[1] : 0,
      free.some((which) => which === 2) ? start[2] : 0,
    ];
    const fitted = refine(points, held, free);
    const squares = uslSquares(points, fitted);
    const allowed = fitted[0] > 0 && fitted[1] >= 0 && fitted[2] >= 0;
    if (allowed && squares < bestSquares) {
      best = fitted;
      bestSquares = squares;
    }
    // Nothing on the border can be better than an allowed free fit.
    if (allowed && free.length === 3) break;
  }
  return best;
}
