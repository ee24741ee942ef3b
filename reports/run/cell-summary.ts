import type { LoadedRun } from '../../bench/results/load-run.ts';
import { METRICS, type Metric } from '../../bench/results/metrics.ts';
import type { CellSettings } from '../../bench/results/planned.ts';
import type { Reason, RepeatResult } from '../../bench/results/result.ts';
import { type Spread, spread } from '../../bench/stats/describe.ts';
import { sweptAxes } from './axes.ts';
import { cellName } from './cell-name.ts';
import { groupBy } from './group-by.ts';

/** What clocks of different hosts have to do with a figure. */
interface ClockError {
  /** How far they may have put it off, µs; 0 where it is of one host's records only. */
  readonly errorUs: number;
  readonly unsure: boolean;
  /** Where it is only of the records of one host: their share, the least of the repeats'; absent where it is of all. */
  readonly sameHostShare?: number;
}

/** A spread, and how far clocks of different hosts may have put the figure off; absent where it needs but one. */
export interface Figure extends Spread {
  readonly clockError?: ClockError;
}

/** One cell over its repeats. */
export interface CellSummary {
  readonly id: string;
  readonly label: string;
  /** What sets it apart from the others, for people: "zstd:3 · linger 10 ms". */
  readonly name: string;
  readonly settings: CellSettings;
  /** The last attempts, by block. */
  readonly repeats: readonly RepeatResult[];
  /** Those that figures are made of. */
  readonly valid: readonly RepeatResult[];
  readonly counts: {
    readonly planned: number;
    readonly valid: number;
    readonly invalid: number;
    readonly failed: number;
  };
  /**
   * `valid`: at least one repeat is; `invalid`: repeats were measured, and none is to be believed; `failed`: no repeat
   * was measured; `missing`: none has run yet.
   */
  readonly state: 'valid' | 'invalid' | 'failed' | 'missing';
  /** Why repeats are invalid or failed, most frequent first. */
  readonly reasons: readonly CountedReason[];
  /** Facts that weaken the figures, of the valid repeats. */
  readonly notes: readonly CountedReason[];
  /** Delivery errors of all repeats by code, most frequent first. */
  readonly errors: readonly { readonly code: string; readonly records: number }[];
  /** Median, range and interval over the valid repeats, or null where none of them has the figure. */
  of(metric: Metric): Figure | null;
}

export interface CountedReason extends Reason {
  /** Repeats that it applies to. */
  readonly count: number;
}

/** Every cell of the plan in the plan's order, also those without a valid repeat. */
export function summarizeCells(run: LoadedRun): CellSummary[] {
  const byCell = groupBy(run.repeats, (repeat) => repeat.cellId);
  const planned = groupBy(run.planned, (one) => one.cellId);
  const axes = sweptAxes(run.manifest.cells);
  return run.manifest.cells.map((cell) => {
    const repeats = (byCell.get(cell.id) ?? []).toSorted((a, b) => a.block - b.block);
    return summarizeCell(
      { ...cell, name: cellName(axes, cell.settings) },
      repeats,
      Math.max(planned.get(cell.id)?.length ?? 0, repeats.length),
    );
  });
}

function summarizeCell(
  { id, label, name, settings }: Pick<CellSummary, 'id' | 'label' | 'name' | 'settings'>,
  repeats: readonly RepeatResult[],
  planned: number,
): CellSummary {
  const ofOutcome = (outcome: RepeatResult['outcome']) => repeats.filter((one) => one.outcome === outcome);
  const valid = ofOutcome('valid');
  const invalid = ofOutcome('invalid');
  const failed = ofOutcome('failed');
  const spreads = new Map<Metric, Figure | null>();
  return {
    id,
    label,
    name,
    settings,
    repeats,
    valid,
    counts: { planned, valid: valid.length, invalid: invalid.length, failed: failed.length },
    state:
      valid.length > 0 ? 'valid' : invalid.length > 0 ? 'invalid' : failed.length > 0 ? 'failed' : 'missing',
    reasons: counted([...invalid, ...failed].flatMap((one) => one.reasons)),
    notes: counted(valid.flatMap((one) => one.notes)),
    errors: errorsOf(repeats),
    of(metric) {
      let found = spreads.get(metric);
      if (found === undefined) {
        const values = valuesOf(valid, metric);
        found = values.length === 0 ? null : { ...spread(values), ...clockErrorOf(valid, metric) };
        spreads.set(metric, found);
      }
      return found;
    },
  };
}

/** The largest of the repeats', with the figures that two hosts' clocks make. */
function clockErrorOf(repeats: readonly RepeatResult[], { key }: Metric): Pick<Figure, 'clockError'> {
  const told = key.startsWith('end-to-end.') ? repeats.flatMap(({ loadHosts }) => loadHosts ?? []) : [];
  const ofAll = told.filter(({ endToEndOf }) => endToEndOf !== 'same-host');
  const shares = told
    .filter((one) => !ofAll.includes(one))
    .flatMap(({ sameHostShare }) => sameHostShare ?? []);
  const errorUs = Math.max(0, ...ofAll.map(({ endToEndErrorUs }) => endToEndErrorUs));
  if (errorUs === 0 && shares.length === 0) return {};
  const unsure = ofAll.some(({ endToEndUnsure }) => endToEndUnsure);
  const sameHost = shares.length === 0 ? {} : { sameHostShare: Math.min(...shares) };
  return { clockError: { errorUs, unsure, ...sameHost } };
}

function errorsOf(repeats: readonly RepeatResult[]): CellSummary['errors'] {
  const byCode = new Map<string, number>();
  for (const { errorsByCode } of repeats) {
    for (const [code, records] of Object.entries(errorsByCode)) {
      byCode.set(code, (byCode.get(code) ?? 0) + records);
    }
  }
  return [...byCode].map(([code, records]) => ({ code, records })).sort((a, b) => b.records - a.records);
}

/** A metric of each repeat that has it. */
function valuesOf(repeats: readonly RepeatResult[], metric: Metric): number[] {
  return repeats.map((one) => metric.read(one)).filter((value) => value !== null);
}

/** By code, with the first message of each, most frequent first. */
export function counted(reasons: readonly Reason[]): CountedReason[] {
  return [...groupBy(reasons, (reason) => reason.code).values()]
    .flatMap((same) => (same[0] === undefined ? [] : [{ ...same[0], count: same.length }]))
    .sort((a, b) => b.count - a.count);
}

/** The metrics that at least one valid repeat of the run has. */
export function measuredMetrics(
  cells: readonly CellSummary[],
  metrics: readonly Metric[] = METRICS,
): Metric[] {
  return metrics.filter((metric) => cells.some((cell) => cell.of(metric) !== null));
}
