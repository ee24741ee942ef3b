import type { Cell } from '../plan.ts';
import { createRandom } from '../random.ts';
import type { RepeatResult } from '../result.ts';
import { type ProbeOutcome, type SearchAnswer, type SearchSpec, searchRate } from '../search.ts';
import type { RateSearch } from '../workload/schema.ts';
import type { Rate } from '../workload/units.ts';
import { type Attempt, type AttemptHooks, type AttemptOutcome, runAttempt } from './attempt.ts';
import { type Corpora, corpusKey } from './corpora.ts';
import type { RunFolder } from './folder.ts';
import { type LatencyLimit, parseLatencyLimit } from './latency-limit.ts';
import type { Session } from './session.ts';

const MIN_ACHIEVED = 0.995;
/** Records that may be on their way at the window's edges: at a few hundred in all, one is more than 0.5 %. */
const EDGE_RECORDS = 2;
const LOWEST_PER_SEC = 10;
const HIGHEST_PER_SEC = 100_000_000;
/** Of what an open tap pushes through, queues and all: a rate that is likely to be sustained, to begin with. */
const START_SHARE = 0.5;

/** Criteria a probe failed, worst first; empty where the rate was sustained. */
function failedCriteria(result: RepeatResult, limit: LatencyLimit | null): string[] {
  if (result.outcome === 'failed') return result.reasons.map(({ message }) => message);
  const failed: string[] = [];
  const { counts, rate, lag, latencyUs } = result;
  if (counts.lost !== null && counts.lost > 0) failed.push(`${counts.lost} records lost`);
  if (counts.failed > 0) failed.push(`${counts.failed} records not delivered`);
  const achieved = rate.achievedOverOffered ?? 0;
  const shortRecords = ((rate.offeredPerSec ?? 0) - rate.achievedPerSec) * result.window.measuredSec;
  if (achieved < MIN_ACHIEVED && shortRecords > EDGE_RECORDS) {
    failed.push(`achieved/offered ${achieved.toFixed(4)} < ${MIN_ACHIEVED}`);
  }
  if (lag?.growing === true) failed.push(`consumer lag growing by ${lag.slopePerSec.toFixed(0)} records/s`);
  if (limit !== null) {
    const observed = latencyUs[limit.latency]?.percentilesUs[limit.percentile] ?? null;
    if (observed === null) failed.push(`${limit.latency} ${limit.percentile} unknown: too few samples`);
    else if (observed > limit.limitUs) {
      failed.push(
        `${limit.latency} ${limit.percentile} ${(observed / 1000).toFixed(1)} ms > ${limit.limitUs / 1000} ms`,
      );
    }
  }
  for (const reason of result.reasons) {
    if (reason.code === 'drain-incomplete' || reason.code === 'not-steady') failed.push(reason.message);
  }
  return failed;
}

export function probeOutcome(
  ratePerSec: number,
  result: RepeatResult,
  limit: LatencyLimit | null,
): ProbeOutcome {
  const failed = failedCriteria(result, limit);
  const { wasLimit } = result.generator;
  return {
    ratePerSec,
    sustained: failed.length === 0 && !wasLimit,
    failed: failed.length === 0 && wasLimit ? ['the load generator was the limit'] : failed,
    generatorLimited: wasLimit,
  };
}

function withRate(cell: Cell, rate: Rate | 'max'): Cell {
  return { ...cell, workload: { ...cell.workload, load: { ...cell.workload.load, rate } } };
}

function searchOf(cell: Cell): RateSearch {
  const { rate } = cell.workload.load;
  if (rate === 'max' || !('search' in rate)) throw new Error(`cell ${cell.id} has no rate to search`);
  return rate.search;
}

/**
 * Searches one cell's sustainable rate. Every probe is kept in the repeat's folder under `probes/`; the repeat's own
 * result is that of the highest rate that was sustained, with the whole answer in its `search`.
 */
export async function runSearch(
  session: Session,
  corpora: Corpora,
  attempt: Attempt,
  hooks: AttemptHooks,
  folder: RunFolder,
): Promise<AttemptOutcome> {
  const { cell } = attempt;
  const search = searchOf(cell);
  const limit = search.latency === undefined ? null : parseLatencyLimit(search.latency);
  const meanBytes = corpora.get(corpusKey(cell.workload))?.meanBytes ?? 1;
  const perSec = (rate: Rate | undefined): number | undefined =>
    rate === undefined ? undefined : rate.kind === 'records' ? rate.perSec : rate.perSec / meanBytes;
  const kept = await folder.readProbes(cell.id, attempt.block);
  const seeds = createRandom(attempt.seed);
  const finished: { outcome: ProbeOutcome; attempt: NonNullable<AttemptOutcome> }[] = [];
  const runAt = async (rate: Rate | 'max', index: number): Promise<NonNullable<AttemptOutcome>> => {
    const done = kept[index];
    if (done !== undefined) return done;
    const one = {
      ...attempt,
      cell: withRate(cell, rate),
      seed: seeds.fork(`probe ${index}`).uint32(),
      tag: `${attempt.tag}-p${index}`,
    };
    hooks.onPhase(`probe ${index}: ${rate === 'max' ? 'open tap' : `${rate.perSec.toFixed(0)}/s`}`);
    const outcome = await runAttempt(session, corpora, one, hooks);
    if (outcome === null) throw new Stopped();
    await folder.writeProbe(cell.id, attempt.block, index, outcome.result, outcome.files);
    return outcome;
  };

  try {
    const minPerSec = perSec(search.min) ?? LOWEST_PER_SEC;
    const maxPerSec = perSec(search.max) ?? HIGHEST_PER_SEC;
    let startPerSec = perSec(search.start);
    let used = 0;
    if (startPerSec === undefined) {
      const tap = await runAt('max', used++);
      startPerSec = Math.max(minPerSec, tap.result.rate.achievedPerSec * START_SHARE);
    }
    const spec: SearchSpec = {
      minPerSec,
      maxPerSec,
      startPerSec,
      maxProbes: search.maxProbes - used,
      precision: search.precision,
    };
    const answer = await searchRate(spec, async (rate, index) => {
      const result = await runAt({ kind: 'records', perSec: rate }, index + used);
      const outcome = probeOutcome(rate, result.result, limit);
      finished.push({ outcome, attempt: result });
      return outcome;
    });
    return concluded(attempt, answer, finished);
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  }
}

class Stopped extends Error {}

function concluded(
  attempt: Attempt,
  answer: SearchAnswer,
  finished: readonly { outcome: ProbeOutcome; attempt: NonNullable<AttemptOutcome> }[],
): AttemptOutcome {
  const best = finished.findLast(
    ({ outcome }) => outcome.sustained && outcome.ratePerSec === answer.lowPerSec,
  );
  const shown = best ?? finished.at(-1);
  if (shown === undefined) return null;
  const search = {
    lowPerSec: answer.lowPerSec,
    highPerSec: answer.highPerSec,
    failed: [...answer.failed],
    limitedBy: answer.limitedBy,
    probes: answer.probes.map((probe) => ({ ...probe, failed: [...probe.failed] })),
  };
  const { result, files } = shown.attempt;
  const own = { ...result, attempt: attempt.attempt, search };
  if (best !== undefined) return { result: { ...own, outcome: 'valid', reasons: [] }, files };
  const none = {
    code: 'no-sustained-rate',
    message: `no rate was sustained; the last one failed: ${answer.failed.join('; ')}`,
  };
  return {
    result: {
      ...own,
      outcome: result.outcome === 'failed' ? 'failed' : 'invalid',
      reasons: [none, ...result.reasons],
    },
    files,
  };
}
