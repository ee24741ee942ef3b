import { formatNumber } from '../../bench/common/format-number.ts';

/** Points joined by a line, or standing alone, under one letter. */
export interface LetterSeries {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface LetterAxis {
  readonly name: string;
  readonly log: boolean;
  readonly format?: (value: number) => string;
}

export interface LetterPlot {
  readonly title: string;
  readonly series: readonly LetterSeries[];
  readonly x: LetterAxis;
  readonly y: LetterAxis;
  /** Join the points of a series in the order of x. */
  readonly joined: boolean;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MIN_WIDTH = 40;
const HEIGHT = 20;

/** A plot of letters: it survives a log file and a pipe, needs no colour, and each line keeps its name. */
export function letterPlot(plot: LetterPlot, width: number): string {
  const usable = plot.series.map((one) => ({
    ...one,
    points: one.points.filter(([x, y]) => (!plot.x.log || x > 0) && (!plot.y.log || y > 0)),
  }));
  const all = usable.flatMap((one) => one.points);
  if (all.length === 0) return `${plot.title}\n(nothing to draw)\n`;
  const yScale = scaleOf(
    plot.y,
    all.map(([, y]) => y),
  );
  const xScale = scaleOf(
    plot.x,
    all.map(([x]) => x),
  );
  const labels = [yScale.high, yScale.at(0.5), yScale.low].map((value) =>
    (plot.y.format ?? formatNumber)(value),
  );
  const margin = Math.max(...labels.map((label) => label.length)) + 1;
  const columns = Math.max(MIN_WIDTH, width - margin - 2);
  const grid = Array.from({ length: HEIGHT }, () => new Array<string>(columns).fill(' '));
  const put = (x: number, y: number, letter: string) => {
    const row = grid[Math.round((1 - y) * (HEIGHT - 1))];
    const column = Math.round(x * (columns - 1));
    if (row?.[column] !== undefined)
      row[column] = row[column] === ' ' || row[column] === letter ? letter : '*';
  };
  usable.forEach(({ points }, index) => {
    const letter = LETTERS[index % LETTERS.length] ?? '?';
    const placed = points
      .map(([x, y]) => [xScale.share(x), yScale.share(y)] as const)
      .sort((a, b) => a[0] - b[0]);
    if (plot.joined) for (const [x, y] of joined(placed, columns)) put(x, y, letter);
    else for (const [x, y] of placed) put(x, y, letter);
  });
  const rows = grid.map((row, i) => {
    const label =
      i === 0 ? labels[0] : i === HEIGHT - 1 ? labels[2] : i === Math.floor(HEIGHT / 2) ? labels[1] : '';
    return `${(label ?? '').padStart(margin)} │${row.join('').trimEnd()}`;
  });
  const format = plot.x.format ?? formatNumber;
  const [left, middle, right] = [xScale.low, xScale.at(0.5), xScale.high].map(format) as [
    string,
    string,
    string,
  ];
  const half = Math.floor((columns - middle.length) / 2);
  const ticks = `${left.padEnd(half)}${middle}`.padEnd(columns - right.length) + right;
  return [
    plot.title,
    `${plot.y.name}`,
    ...rows,
    `${' '.repeat(margin)} └${'─'.repeat(columns)}`,
    `${' '.repeat(margin + 2)}${ticks}`,
    `${' '.repeat(margin + 2)}${plot.x.name}${plot.joined ? '; * where lines meet' : '; * where points meet'}`,
    ...usable.map(({ label }, i) => `  ${LETTERS[i % LETTERS.length]} ${label}`),
    '',
  ].join('\n');
}

interface AxisScale {
  readonly low: number;
  readonly high: number;
  share(value: number): number;
  at(share: number): number;
}

function scaleOf(axis: LetterAxis, values: readonly number[]): AxisScale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const [to, from] = axis.log ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const span = to(high) - to(low);
  return {
    low,
    high,
    share: (value) => (span === 0 ? 0.5 : (to(value) - to(low)) / span),
    at: (share) => from(to(low) + share * span),
  };
}

/** One point for each column that a line crosses. */
function joined(points: readonly (readonly [number, number])[], columns: number): [number, number][] {
  const result: [number, number][] = [];
  points.forEach(([x, y], i) => {
    result.push([x, y]);
    const next = points[i + 1];
    if (next === undefined) return;
    const steps = Math.round((next[0] - x) * (columns - 1));
    for (let step = 1; step < steps; step++) {
      result.push([x + ((next[0] - x) * step) / steps, y + ((next[1] - y) * step) / steps]);
    }
  });
  return result;
}
