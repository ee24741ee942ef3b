import { createRandom } from '../../../bench/common/random.ts';
import { waitForCalm } from '../../../bench/host/calm.ts';
import { hostFiles } from '../../../bench/host/files.ts';
import type { RepeatResult } from '../../../bench/results/result.ts';
import { CALM, REAL_CAUSES, type RealCause } from './causes.ts';
import { Journal, type Outcome } from './journal.ts';
import { Place } from './place.ts';
import { SETUPS, type SetupName } from './setups.ts';

/**
 * Starts the brokers of one setup, puts its causes in one after the other, and measures each.
 *
 * Usage: node one-setup.js SETUP FOLDER PREFIX JOURNAL CAUSE:RUN…
 */
const SEED = 20_260_101;
const RUN_LIMIT_MS = 60_000;
const CALM_LIMIT_MS = 10_000;
const NEAREST = 6;

const [setup = '', folder = '', prefix = '', journalFile = '', ...jobs] = process.argv.slice(2);
const place = new Place(folder, prefix);
const journal = new Journal(journalFile);
const forever = new AbortController().signal;

async function measure(cause: RealCause, run: number): Promise<RepeatResult | undefined> {
  const random = createRandom(SEED).fork(`${cause.id} ${run}`);
  const workload = { ...cause.workload(random), name: `cause-${cause.id}`, seed: SEED + run };
  const takeOut = await cause.putIn?.(place, random);
  try {
    const { results } = await place.bench.run(workload, {
      ...cause.options?.(place),
      signal: AbortSignal.timeout(RUN_LIMIT_MS),
    });
    return results[0];
  } finally {
    await takeOut?.();
  }
}

async function outcomeOf(cause: RealCause, run: number): Promise<Outcome> {
  const none = { cause: cause.id, run, named: null, nearest: [] };
  try {
    const result = await measure(cause, run);
    if (result?.boundBy === undefined || result.boundBy.length === 0) {
      return { ...none, failed: result?.reasons[0]?.message ?? `no result within ${RUN_LIMIT_MS / 1000} s` };
    }
    const named = result.boundBy.find(({ binds }) => binds)?.resource ?? null;
    return { ...none, named, failed: null, nearest: result.boundBy.slice(0, NEAREST) };
  } catch (error) {
    return { ...none, failed: error instanceof Error ? error.message : String(error) };
  }
}

try {
  await place.start(SETUPS[setup as SetupName]);
  // The brokers' JVMs compile their hot code under a load that does not count.
  const { load, ...rest } = CALM.workload(createRandom(SEED));
  await place.bench.run({
    ...rest,
    name: 'prime',
    consumers: { groups: 0 },
    load: { ...load, warmup: 0, duration: '5s' },
  });
  for (const job of jobs) {
    const [id, run = '0'] = job.split(':');
    const cause = [...REAL_CAUSES, CALM].find((one) => one.id === id);
    if (cause === undefined) throw new Error(`no cause ${id}`);
    // A host that is not calm is no calm run.
    if (cause === CALM) await waitForCalm(hostFiles(), CALM_LIMIT_MS, forever);
    const outcome = await outcomeOf(cause, Number(run));
    journal.add(outcome);
    console.log(`${cause.id} ${run}: ${outcome.failed ?? outcome.named ?? 'not known'}`);
    for (const { resource, share, evidence } of outcome.nearest)
      console.log(`    ${(share * 100).toFixed(0)} % ${resource}: ${evidence}`);
  }
} finally {
  await place.bench.stop();
}
