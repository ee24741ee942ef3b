import { KsweepError } from '../common/errors.ts';
import { parseRate, type Rate } from '../common/units.ts';
import { asInput } from './as-input.ts';
import { type LoadedWorkload, loadWorkload } from './load.ts';
import type { RateSearch } from './load-schema.ts';
import type { Cell, CellWorkload } from './plan.ts';
import { searchOf } from './search-limits.ts';

/**
 * `--max-load`: the most that a plan may offer, over all its producers, in records or in payload bytes as `load.rate`
 * counts them. Keys, headers, requests and the brokers' replication come on top and are not counted.
 */

const DEFAULT_RECORD_BYTES = 1024;
/** Of the limit: where a search begins that states no start, in place of a probe at maximum rate. */
const START_SHARE = 0.5;

/** Throws usage for a text that is no rate. */
export function parseMaxLoad(text: string): Rate {
  const limit = parseRate(text);
  if (limit !== undefined) return limit;
  throw new KsweepError('usage', `--max-load ${text}: expected a rate such as 20MB/s or 50k/s`);
}

/** Mean payload bytes of a record; null where only its file or its distribution tells. */
function recordBytes({ size, payload }: CellWorkload['records']): number | null {
  if (typeof size === 'number') return size;
  if (size !== undefined) return 'min' in size ? (size.min + size.max) / 2 : null;
  return payload.source === 'json' || payload.source === 'random' ? DEFAULT_RECORD_BYTES : null;
}

/** Null where the record's size would have to be known. */
function perSecAs(kind: Rate['kind'], rate: Rate, bytes: number | null): number | null {
  if (rate.kind === kind) return rate.perSec;
  if (bytes === null) return null;
  return kind === 'bytes' ? rate.perSec * bytes : rate.perSec / bytes;
}

/** Rates that a load offers together in its busiest second; of steps and ramps each, of which one has to be kept at a time. */
function peaksOf(rate: Exclude<CellWorkload['load']['rate'], 'max' | { search: unknown }>): Rate[][] | null {
  if ('kind' in rate) return [[rate]];
  if ('steps' in rate) return rate.steps.map((step) => [step.rate]);
  if ('ramp' in rate) return [[rate.ramp.from], [rate.ramp.to]];
  if ('sine' in rate) {
    const { mean, amplitude } = rate.sine;
    return [[{ ...mean, perSec: mean.perSec * (1 + amplitude) }]];
  }
  if ('replay' in rate) return null;
  const { base, every, size, jitter } = rate.bursts;
  // A late burst and a prompt one after it are nearer to each other than `every`.
  const nearestMs = every * (1 - jitter);
  const inOneSecond = jitter === 0 ? Math.ceil(1000 / every) : Math.ceil(1000 / Math.max(nearestMs, 1)) + 1;
  const bursts: Rate = { kind: 'records', perSec: size * inOneSecond };
  return [base === undefined ? [bursts] : [bursts, base]];
}

const SIZE_UNKNOWN =
  'its record size is not known before the run: give load.rate and --max-load in the same unit';
const perSecText = (kind: Rate['kind'], perSec: number): string =>
  kind === 'bytes' ? `${(perSec / 1e6).toFixed(2)} MB/s` : `${Math.round(perSec)} records/s`;

/** Why a cell may offer more than the limit; null where it cannot. */
export function beyondMaxLoad(workload: CellWorkload, limit: Rate): string | null {
  const { load, consumers, records } = workload;
  if (consumers.backlog > 0) return 'its backlog is produced at maximum rate';
  if (load.producers === 0) return null;
  const { rate } = load;
  if (rate === 'max') return 'it offers the maximum rate';
  const bytes = recordBytes(records);
  if ('search' in rate) {
    const { min, max, start } = rate.search;
    if (max === undefined || start === undefined)
      return 'its search has no upper end, or begins at maximum rate';
    return worst([[max], [start], ...(min === undefined ? [] : [[min]])], limit, bytes);
  }
  const peaks = peaksOf(rate);
  return peaks === null
    ? 'its rate is that of a sample, which is not known before the run'
    : worst(peaks, limit, bytes);
}

function worst(peaks: readonly Rate[][], { kind, perSec }: Rate, bytes: number | null): string | null {
  const offered = peaks.map((together) => {
    const figures = together.map((rate) => perSecAs(kind, rate, bytes));
    return figures.includes(null) ? null : figures.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  });
  if (offered.includes(null)) return SIZE_UNKNOWN;
  const most = Math.max(...offered.map((one) => one ?? 0));
  return most > perSec ? `it offers ${perSecText(kind, most)}` : null;
}

/** A search kept below the limit: its highest rate, and where it begins. */
function boundedSearch(search: RateSearch, limit: Rate, bytes: number | null): RateSearch {
  const within = (rate: Rate | undefined, otherwise: Rate): Rate => {
    if (rate === undefined) return otherwise;
    const perSec = perSecAs(limit.kind, rate, bytes);
    return perSec !== null && perSec > limit.perSec ? limit : rate;
  };
  const max = within(search.max, limit);
  return { ...search, max, start: within(search.start, { ...max, perSec: max.perSec * START_SHARE }) };
}

/** The workload with its search bounded by the limit, by settings that a manifest keeps; itself where there is none. */
export function boundSearch(loaded: LoadedWorkload, limit: Rate): LoadedWorkload {
  const { workload, plan, file, source } = loaded;
  const { rate } = workload.load;
  if (rate === 'max' || !('search' in rate) || plan.cells.some((cell) => searchOf(cell) === null))
    return loaded;
  const search = boundedSearch(rate.search, limit, recordBytes(workload.records));
  const bounded = asInput({ ...workload, load: { ...workload.load, rate: { search } } })['load'];
  const { rate: input } = bounded as { rate: unknown };
  return loadWorkload(file, { set: [...source.set, `load.rate=${JSON.stringify(input)}`] });
}

/** Throws usage that names every cell that may offer more than the limit. */
export function refuseBeyond(cells: readonly Cell[], limit: Rate): void {
  const details = cells.flatMap(({ id, workload }) => {
    const why = beyondMaxLoad(workload, limit);
    return why === null ? [] : [`${id}: ${why}`];
  });
  if (details.length === 0) return;
  throw new KsweepError(
    'usage',
    `--max-load ${perSecText(limit.kind, limit.perSec)}: ${details.length === 1 ? 'a cell' : `${details.length} cells`} may offer more`,
    { details, hint: 'lower load.rate, or raise --max-load; replication is not counted' },
  );
}
