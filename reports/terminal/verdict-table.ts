import Table from 'cli-table3';
import { takesColour } from '../../bench/common/terminal.ts';
import { meaningOf } from '../../bench/messages/explain/reason-text.ts';
import { language } from '../../bench/messages/language.ts';
import { text } from '../../bench/messages/texts.ts';
import { columnsOf } from '../../bench/messages/width.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import { describeBounds, formatSpread } from '../run/format-spread.ts';
import { formatThreshold } from '../run/format-threshold.ts';
import { groupBy } from '../run/group-by.ts';
import { type CellReport, describeCounts, type RunSummary } from '../run/run-summary.ts';

export interface TerminalStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
}

/** stdout's own width and colours: colour only on a terminal and without NO_COLOR; 100 columns where there is none. */
export function styleOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): TerminalStyle {
  return { width: stream.isTTY === true ? stream.columns : 100, colour: takesColour(stream, env) };
}

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

function painter(colour: boolean) {
  return (text: string, code: keyof typeof CODES): string =>
    colour ? `\u001b[${CODES[code]}m${text}\u001b[0m` : text;
}

const COLOUR_OF: Readonly<Record<CellReport['verdict'], keyof typeof CODES>> = {
  valid: 'green',
  pass: 'green',
  breach: 'red',
  failed: 'red',
  invalid: 'yellow',
  'no data': 'yellow',
  'not run': 'dim',
};

/** A terminal scrolls the table's head away past this many cells: the worst and the first ones are shown. */
const MAX_ROWS = 60;
const MIN_LABEL = 16;
const HEADS = ['head.cell', 'head.verdict', 'head.repeats'] as const;

interface Column {
  readonly head: string;
  readonly metric: Metric;
  readonly texts: readonly string[];
  readonly width: number;
}

/** The verdict table as text that fits the terminal: the least telling figures are left out first. */
export function verdictTable(summary: RunSummary, style: TerminalStyle): string {
  const paint = painter(style.colour);
  const rows = chosenRows(summary.cells);
  const verdictWidth = Math.max(7, ...rows.map(({ verdict }) => columnsOf(text(`verdict.${verdict}`))));
  const repeats = rows.map(({ cell }) => `${cell.counts.valid}/${cell.counts.planned}`);
  const repeatsWidth = Math.max(7, ...repeats.map((text) => text.length));
  const longest = Math.max(4, ...rows.map(({ cell }) => cell.name.length));
  // Each column costs two spaces of padding and a line; one more line closes the table.
  const room = style.width - 1 - (verdictWidth + 3) - (repeatsWidth + 3);
  const columns = fitting(figureColumns(summary, rows), room - (Math.min(longest, MIN_LABEL * 2) + 3));
  const used = columns.reduce((sum, column) => sum + column.width + 3, 0);
  const labelWidth = Math.max(MIN_LABEL, Math.min(longest, room - used - 3));

  const table = new Table({
    head: [...HEADS.map((key) => text(key).toLowerCase()), ...columns.map((column) => column.head)],
    colWidths: [
      labelWidth + 2,
      verdictWidth + 2,
      repeatsWidth + 2,
      ...columns.map((column) => column.width + 2),
    ],
    colAligns: ['left', 'left', 'right', ...columns.map(() => 'right' as const)],
    wordWrap: true,
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  });
  rows.forEach(({ cell, verdict }, index) => {
    table.push([
      cell.name,
      paint(text(`verdict.${verdict}`), COLOUR_OF[verdict]),
      repeats[index] ?? '',
      ...columns.map((column) => column.texts[index] ?? ''),
    ]);
  });

  const lines = [paint(summary.run.manifest.name, 'bold'), `${describeCounts(summary)}.`, table.toString()];
  if (rows.length < summary.cells.length) {
    lines.push(`${summary.cells.length - rows.length} more cells are in summary.csv and report.html.`);
  }
  const bounds = describeBounds(summary.cells.map(({ cell }) => cell.counts.valid));
  lines.push(paint(wrapped(bounds, style.width), 'dim'));
  lines.push(...explanationsOf(summary).map((line) => wrapped(line, style.width)));
  return `${lines.join('\n')}\n`;
}

/** All cells, or the ones with something wrong first where there are too many; in the plan's order. */
function chosenRows(cells: readonly CellReport[]): readonly CellReport[] {
  if (cells.length <= MAX_ROWS) return cells;
  const fine = (report: CellReport) => report.verdict === 'valid' || report.verdict === 'pass';
  const chosen = new Set([...cells.filter((one) => !fine(one)), ...cells.filter(fine)].slice(0, MAX_ROWS));
  return cells.filter((one) => chosen.has(one));
}

function figureColumns({ headline }: RunSummary, rows: readonly CellReport[]): Column[] {
  return headline.map((metric) => {
    const shown = (spread: Spread | null) => (spread === null ? '' : formatSpread(metric, spread));
    const texts = rows.map(({ cell }) => shown(cell.of(metric)));
    return {
      head: metric.label,
      metric,
      texts,
      width: Math.max(metric.label.length, ...texts.map((one) => one.length)),
    };
  });
}

function fitting(columns: readonly Column[], room: number): Column[] {
  const chosen: Column[] = [];
  let left = room;
  for (const column of columns) {
    if (column.width + 3 > left) continue;
    chosen.push(column);
    left -= column.width + 3;
  }
  return chosen;
}

/** What a reader has to know beside the table: thresholds of the run, and why cells are not fine. */
function explanationsOf(summary: RunSummary): string[] {
  const { cells, thresholds, run } = summary;
  const ofRun = thresholds.filter((one) => one.cellId === null).map(formatThreshold);
  const reasons = cells.flatMap(({ cell, explanations }) =>
    explanations.map((text) => ({ text, label: cell.name })),
  );
  const ofCells = [...groupBy(reasons, (reason) => reason.text)].map(([text, where]) =>
    where.length === 1 ? `${where[0]?.label}: ${text}` : `${where.length} of ${cells.length} cells: ${text}`,
  );
  return [...ofRun, ...ofCells, ...translated(cells), ...run.problems];
}

/** In another language than English, what each reason above means; the reason itself holds the figures. */
function translated(cells: readonly CellReport[]): string[] {
  if (language() === 'en') return [];
  const told = cells.flatMap(({ cell }) => cell.reasons.map(({ code }) => meaningOf(code)));
  return [...new Set(told.filter((one) => one !== null))];
}

/** Broken between words; the lines after the first are set in. */
function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (next.length > width && line.trim() !== '') {
      lines.push(line);
      line = `  ${word}`;
    } else line = next;
  }
  return [...lines, line].join('\n');
}
