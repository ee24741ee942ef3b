import { formatUnit } from '../../bench/results/figure-units.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { metricOf } from '../../bench/results/metrics.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { SeriesRow } from '../../bench/results/series-columns.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { type SecondLatencies, secondLatencies } from './second-latencies.ts';
import { representativeCells, typicalRepeat } from './select-cells.ts';
import type { View } from './view.ts';

/** One repeat by seconds: what was offered and achieved, and the health of everything that could have been the limit. */
export interface SeriesView extends View {
  readonly repeat: RepeatResult;
  readonly rows: readonly SeriesRow[];
  /** The due→ack latencies of each second of the window; null where none was recorded. */
  readonly latencies: SecondLatencies | null;
}

const p99 = metricOf('due-to-ack.p99');
const achieved = metricOf('achievedPerSec');
/** Seconds in the table; a longer series is shown in as many even steps. */
const MAX_TABLE_ROWS = 120;

/** The lowest and the highest cell by p99 (by rate where there is no latency), and the first one without a valid repeat. */
export async function seriesViews(
  run: LoadedRun,
  cells: readonly CellSummary[],
  only?: string,
): Promise<SeriesView[]> {
  const chosen = cells.filter((cell) => cell.id === only);
  if (only === undefined) {
    const ranked = representativeCells(cells, p99, 2);
    chosen.push(...(ranked.length > 0 ? ranked : representativeCells(cells, achieved, 2)));
    chosen.push(...cells.filter((cell) => cell.state === 'invalid').slice(0, 1));
  }
  const views: SeriesView[] = [];
  for (const cell of chosen) {
    const repeats = cell.valid.length > 0 ? cell.valid : cell.repeats;
    const metric = repeats.some((one) => p99.read(one) !== null) ? p99 : achieved;
    const repeat = typicalRepeat(repeats, metric);
    if (repeat === undefined) continue;
    const rows = await run.series(repeat);
    if (rows.length === 0) continue;
    const path = run.hlogPath(repeat, 'due-to-ack');
    const windowSec = rows.find((row) => row.phase === 'measure')?.tSec ?? 0;
    const latencies = path === null ? null : secondLatencies(path, windowSec);
    views.push(viewOf(cell.name, repeat, rows, latencies));
  }
  return views;
}

function viewOf(
  label: string,
  repeat: RepeatResult,
  rows: readonly SeriesRow[],
  latencies: SecondLatencies | null,
): SeriesView {
  const step = Math.max(1, Math.ceil(rows.length / MAX_TABLE_ROWS));
  const number = (value: number | null) => (value === null ? '–' : formatUnit(value, 'count'));
  const us = (value: number | null) => (value === null ? '–' : formatUnit(value, 'us'));
  return {
    title: `By the second: ${label}, block ${repeat.block}`,
    repeat,
    rows,
    latencies,
    reading: readingOf(repeat, rows),
    table: {
      caption: `Seconds of ${label}, block ${repeat.block}`,
      columns: [
        's',
        'phase',
        'due/s',
        'acked/s',
        'p99',
        'lag',
        'event-loop delay p99',
        'producer CPU %',
        'host: stolen %',
        'host: CPU pressure %',
      ].map((head, i) => ({ head, numeric: i !== 1 })),
      rows: rows
        .filter((_, i) => i % step === 0)
        .map((row) => ({
          fields: [
            number(row.tSec ?? 0),
            row.phase,
            number(row.duePerSec),
            number(row.ackedPerSec),
            us(row.dueToAckP99Us),
            number(row.lagRecords),
            us(row.eventLoopDelayP99Us),
            number(row.producersCpuPercent),
            number(row.hostStolenPercent),
            number(row.hostCpuPressurePercent),
          ],
        })),
    },
  };
}

function readingOf(repeat: RepeatResult, rows: readonly SeriesRow[]): string {
  const measured = rows.filter((row) => row.phase === 'measure');
  const worst = measured
    .filter((row) => row.dueToAckP99Us !== null)
    .toSorted((a, b) => (b.dueToAckP99Us ?? 0) - (a.dueToAckP99Us ?? 0))[0];
  const parts: string[] = [];
  if (repeat.outcome !== 'valid') {
    parts.push(`Not valid: ${repeat.reasons.map((one) => one.message).join('; ') || repeat.outcome}.`);
  }
  const warmup = `${formatUnit(repeat.window.warmupSec, 'sec')} of warm-up are shaded and left out`;
  const steady = repeat.window.steady === false ? '; no steady state was found' : '';
  parts.push(`${warmup}, then ${formatUnit(repeat.window.measuredSec, 'sec')} count${steady}.`);
  if (worst !== undefined) {
    parts.push(
      `The worst second has a due→ack p99 of ${formatUnit(worst.dueToAckP99Us ?? 0, 'us')} at ${worst.tSec} s.`,
    );
  }
  if (repeat.lag !== null) parts.push(`Lag peaks at ${formatUnit(repeat.lag.maxRecords, 'records')}.`);
  return parts.join(' ');
}
