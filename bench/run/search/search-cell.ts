import { KsweepError } from '../../common/errors.ts';
import { createRandom } from '../../common/random.ts';
import type { Rate } from '../../common/units.ts';
import type { RunFolder } from '../../results/folder.ts';
import type { Reason } from '../../results/result.ts';
import { type LatencyLimit, parseLatencyLimit } from '../../workload/latency-limit.ts';
import type { RateSearch } from '../../workload/load-schema.ts';
import type { Cell, CellWorkload } from '../../workload/plan.ts';
import { lowestTellingPerSec, probeWindowMs, searchOf } from '../../workload/search-limits.ts';
import type { Attempt, AttemptHooks, AttemptOutcome } from '../measure/attempt.ts';
import { judgeProbe } from './probe.ts';
import { type ProbeOutcome, type SearchAnswer, type SearchSpec, searchRate } from './search.ts';

const LOWEST_PER_SEC = 10;
const HIGHEST_PER_SEC = 100_000_000;
/** Of what an open tap pushes through, queues and all: a rate near the one that is sustained, to begin with. */
const START_SHARE = 0.7;
/** A probe that told nothing is tried once more: a process that could not be started must not cost a whole search. */
const TRIES = 2;
/** Of what its probes plan to take, where no `maxTime` is stated: setup, drain and longer windows have as much again. */
const DEFAULT_TIME_SHARE = 2;

type Measured = NonNullable<AttemptOutcome>;

/** Measures one probe. */
export type MeasureProbe = (attempt: Attempt) => Promise<AttemptOutcome>;

function atRate(cell: Cell, rate: Rate | 'max', windowMs: number): Cell {
  const load = { ...cell.workload.load, rate, duration: windowMs };
  return { ...cell, workload: { ...cell.workload, load } };
}

/** The rates a search may probe, records a second. Throws workload-invalid where there are none. */
function boundsOf(search: RateSearch, limit: LatencyLimit | null, meanBytes: number) {
  const perSec = (rate: Rate | undefined): number | undefined =>
    rate === undefined ? undefined : rate.kind === 'records' ? rate.perSec : rate.perSec / meanBytes;
  const maxPerSec = perSec(search.max) ?? HIGHEST_PER_SEC;
  const stated = perSec(search.min) ?? Math.min(LOWEST_PER_SEC, maxPerSec);
  const minPerSec = Math.max(stated, lowestTellingPerSec(limit));
  if (minPerSec <= maxPerSec) return { minPerSec, maxPerSec, startPerSec: perSec(search.start) };
  throw new KsweepError(
    'workload-invalid',
    `load.rate.search: there is nothing between ${minPerSec.toFixed(1)} and ${maxPerSec.toFixed(1)} records/s`,
    { hint: 'raise max, or limit a lower percentile: below that rate it has too few samples' },
  );
}

/**
 * Searches one cell's sustainable rate. Every probe is kept in the repeat's folder under `probes/`; the repeat's own
 * result is that of the highest rate that was sustained, with the whole answer in its `search`.
 *
 * @param meanBytes payload bytes of a record, for bounds in bytes a second
 */
export async function runSearch(
  measure: MeasureProbe,
  meanBytes: number,
  attempt: Attempt,
  hooks: Pick<AttemptHooks, 'onPhase'>,
  folder: Pick<RunFolder, 'readProbes' | 'writeProbe'>,
): Promise<AttemptOutcome> {
  const { cell } = attempt;
  const search = searchOf(cell);
  if (search === null) throw new Error(`cell ${cell.id} has no rate to search`);
  const limit = search.latency === undefined ? null : parseLatencyLimit(search.latency);
  const { startPerSec: stated, ...bounds } = boundsOf(search, limit, meanBytes);
  const probes = new Probes(measure, attempt, hooks, folder, limit);
  try {
    await probes.recall();
    const startPerSec = stated ?? (await probes.openTap()).result.rate.achievedPerSec * START_SHARE;
    const spec: SearchSpec = {
      ...bounds,
      startPerSec: Math.max(bounds.minPerSec, startPerSec),
      maxProbes: search.maxProbes - probes.count,
      precision: search.precision,
    };
    const maxTimeMs = search.maxTime ?? defaultTimeMs(search, cell.workload, spec.startPerSec, limit);
    const { warmup, duration } = cell.workload.load;
    const answer = await searchRate(
      spec,
      (rate) => probes.at(rate),
      () => probes.usedMs + warmup + duration > maxTimeMs,
    );
    return concluded(attempt, answer, probes.finished);
  } catch (error) {
    if (error instanceof Stopped) return null;
    if (error instanceof Unanswered) return unanswered(attempt, error);
    throw error;
  }
}

function defaultTimeMs(
  { maxProbes }: RateSearch,
  { load }: CellWorkload,
  startPerSec: number,
  limit: LatencyLimit | null,
): number {
  const probeMs = load.warmup + probeWindowMs(startPerSec, load.duration, limit);
  return DEFAULT_TIME_SHARE * maxProbes * probeMs;
}

class Stopped extends Error {}

/** A probe told nothing, however often it was tried: the fault lies with the harness, and is no limit of the cluster. */
class Unanswered extends Error {
  readonly last: Measured;
  readonly reason: Reason;

  constructor(last: Measured, what: string, unknown: readonly string[]) {
    const why = last.result.outcome === 'failed' ? last.result.reasons.map((one) => one.message) : unknown;
    const message = `the search has no answer: ${what} could not be judged (${why.join('; ')})`;
    super(message);
    this.last = last;
    this.reason = { code: 'search-unanswered', message };
  }
}

interface Finished {
  readonly outcome: ProbeOutcome;
  readonly measured: Measured;
}

/** The probes of one search, in order: those that an earlier process kept, then new ones, each kept in turn. */
class Probes {
  readonly #measure: MeasureProbe;
  readonly #attempt: Attempt;
  readonly #hooks: Pick<AttemptHooks, 'onPhase'>;
  readonly #folder: Pick<RunFolder, 'readProbes' | 'writeProbe'>;
  readonly #limit: LatencyLimit | null;
  #kept: readonly Measured[] = [];
  readonly finished: Finished[] = [];
  count = 0;
  /** Time that all of them took, whichever process ran them, ms. */
  usedMs = 0;

  constructor(
    measure: MeasureProbe,
    attempt: Attempt,
    hooks: Pick<AttemptHooks, 'onPhase'>,
    folder: Pick<RunFolder, 'readProbes' | 'writeProbe'>,
    limit: LatencyLimit | null,
  ) {
    this.#measure = measure;
    this.#attempt = attempt;
    this.#hooks = hooks;
    this.#folder = folder;
    this.#limit = limit;
  }

  async recall(): Promise<void> {
    this.#kept = await this.#folder.readProbes(this.#attempt.cell.id, this.#attempt.block);
  }

  /** An open tap, to learn where to begin. */
  openTap(): Promise<Measured> {
    return this.#tell('max', 'the probe at maximum rate', () => []);
  }

  async at(ratePerSec: number): Promise<ProbeOutcome> {
    const rate = { kind: 'records', perSec: ratePerSec } as const;
    const judge = ({ result }: Measured) => judgeProbe(ratePerSec, result, this.#limit);
    const what = `a probe at ${ratePerSec.toFixed(0)}/s`;
    const measured = await this.#tell(rate, what, (one) => judge(one).unknown);
    const { unknown: _none, ...outcome } = judge(measured);
    this.finished.push({ outcome, measured });
    return outcome;
  }

  async #tell(
    rate: Rate | 'max',
    what: string,
    unknownIn: (measured: Measured) => readonly string[],
  ): Promise<Measured> {
    const index = this.count++;
    for (let tried = 1; ; tried++) {
      const measured = (tried === 1 ? this.#kept[index] : undefined) ?? (await this.#run(rate, index, tried));
      const { startedAt, finishedAt, outcome } = measured.result;
      this.usedMs += Date.parse(finishedAt) - Date.parse(startedAt);
      const unknown = outcome === 'failed' ? [] : unknownIn(measured);
      if (outcome !== 'failed' && unknown.length === 0) return measured;
      if (tried >= TRIES) throw new Unanswered(measured, what, unknown);
    }
  }

  async #run(rate: Rate | 'max', index: number, tried: number): Promise<Measured> {
    const { cell, block, seed, tag } = this.#attempt;
    const { duration } = cell.workload.load;
    const windowMs = rate === 'max' ? duration : probeWindowMs(rate.perSec, duration, this.#limit);
    const again = tried === 1 ? '' : ` (try ${tried})`;
    this.#hooks.onPhase(
      `probe ${index}: ${rate === 'max' ? 'maximum rate' : `${rate.perSec.toFixed(0)}/s`}${again}`,
    );
    const measured = await this.#measure({
      ...this.#attempt,
      cell: atRate(cell, rate, windowMs),
      seed: createRandom(seed).fork(`probe ${index}`).uint32(),
      tag: tried === 1 ? `${tag}-p${index}` : `${tag}-p${index}-${tried}`,
    });
    if (measured === null) throw new Stopped();
    await this.#folder.writeProbe(cell.id, block, index, measured.result, measured.files);
    return measured;
  }
}

function unanswered({ attempt }: Attempt, { last, reason }: Unanswered): Measured {
  const outcome = last.result.outcome === 'failed' ? 'failed' : 'invalid';
  const reasons = [reason, ...last.result.reasons];
  return { result: { ...last.result, attempt, outcome, reasons }, files: last.files };
}

function concluded({ attempt }: Attempt, answer: SearchAnswer, finished: readonly Finished[]): Measured {
  const best = finished.findLast(
    ({ outcome }) => outcome.sustained && outcome.ratePerSec === answer.lowPerSec,
  );
  const shown = best ?? finished.at(-1);
  if (shown === undefined) throw new Error('a search has one probe at least');
  const search = {
    ...answer,
    failed: [...answer.failed],
    probes: answer.probes.map((probe) => ({ ...probe, failed: [...probe.failed] })),
  };
  const { result, files } = shown.measured;
  const own = { ...result, attempt, search };
  // Sustained by the search's own criteria; what else made a repeat invalid is still told.
  const notes = [...result.notes, ...result.reasons];
  if (best !== undefined) return { result: { ...own, outcome: 'valid', reasons: [], notes }, files };
  const none = {
    code: 'no-sustained-rate',
    message: `no rate was sustained; the last one failed: ${answer.failed.join('; ')}`,
  };
  return { result: { ...own, outcome: 'invalid', reasons: [none, ...result.reasons] }, files };
}
