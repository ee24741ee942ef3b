import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import {
  checkOverrides,
  type RunWorkload,
  sizeVerify,
  verifyStatus,
} from '../../../../bench/cli/size/verify.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import type { RepeatResult } from '../../../../bench/results/result.ts';
import { loadWorkload } from '../../../../bench/workload/load.ts';
import { renderVerification } from '../../../../reports/sizing/render/verification.ts';
import { demandFor, verify } from '../../../../reports/sizing/verify.ts';
import { manifestOf, repeatOf } from '../../../support/run-of.ts';
import { measuredCapacity } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('size verify');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-verify-'));
test.after(() => rmSync(folder, { recursive: true }));

const WORKLOAD = join(packageRoot(), 'workloads/size-and-verify.yaml');
const rate = (achievedOverOffered: number) => ({
  kind: 'fixed' as const,
  offeredPerSec: 1000,
  achievedOverOffered,
});
const checked = (changes: Parameters<typeof repeatOf>[3] = {}) =>
  repeatOf(4, 0, 20e6, { rate: rate(1), ...changes });
const verdictOf = (results: RepeatResult[]) => verify(results, results.length).verdict;
const failures = (results: RepeatResult[]) =>
  verify(results, results.length)
    .checks.filter((check) => !check.held)
    .map((check) => check.name);

test('the demand is what the curve carried at least, by the share, with the headroom off', () => {
  const capacity = measuredCapacity([
    [1, [10e6, 12e6]],
    [4, [40e6, 44e6]],
    [8, [38e6, 39e6]],
  ]);
  assert.equal(demandFor(capacity, 0.5, { average: 0.6, peak: 0.8 }), {
    averageBytesPerSec: 12e6,
    peakBytesPerSec: 16e6,
  });
});

test('held: every check in every repeat', () => {
  assert.is(verdictOf([checked(), checked()]), 'held');
  assert.equal(failures([checked(), checked()]), []);
});

test('failed: each criterion alone, in one repeat of several', () => {
  const idle = {
    name: 'c',
    group: 'g',
    partitions: [],
    received: 0,
    idle: true,
    rebalances: 0,
    rebalancingMs: 0,
  };
  const cases: [Parameters<typeof repeatOf>[3], string][] = [
    [{ rate: rate(0.99) }, 'achieved ÷ offered'],
    [{ counts: { lost: 1 } }, 'records lost or failed'],
    [{ counts: { failed: 2 } }, 'records lost or failed'],
    [{ lag: { maxRecords: 9, finalRecords: 9, slopePerSec: 5, growing: true } }, 'consumer lag'],
    [{ consumers: [idle] }, 'idle consumers'],
  ];
  for (const [changes, name] of cases) {
    const results = [checked(), checked(changes)];
    assert.equal(failures(results), [name], name);
    assert.is(verdictOf(results), 'failed', name);
  }
});

test('unknown: a generator that was the limit says nothing of the cluster', () => {
  const limited = checked({ rate: rate(0.9), generator: { wasLimit: true } });
  const verification = verify([checked(), limited], 2);
  assert.is(verification.verdict, 'unknown');
  assert.is(verification.notes[0]?.code, 'client-limited');
  assert.is(verdictOf([limited, checked({ rate: rate(0.9) })]), 'failed');
  assert.is(verdictOf([checked({ ...limited, counts: { lost: 3 } })]), 'failed');
});

test('unknown: a repeat that is not valid, or tells no lag, though all that it shows holds', () => {
  const held = { code: 'generator-limit', message: 'records were sent late' };
  const late = checked({ outcome: 'invalid', reasons: [held], generator: { wasLimit: true } });
  assert.equal(failures([checked(), checked(), late]), ['valid repeats']);
  const verification = verify([checked(), checked(), late], 3);
  assert.is(verification.verdict, 'unknown');
  assert.equal(
    verification.notes.map(({ code }) => code),
    ['client-limited', 'invalid-repeat'],
  );
  const unsteady = { outcome: 'invalid' as const, reasons: [{ code: 'not-steady', message: 'it drifted' }] };
  assert.is(verdictOf([checked(), checked(unsteady)]), 'unknown');
  assert.equal(failures([checked({ lag: null })]), ['consumer lag']);
  assert.is(verdictOf([checked({ lag: null })]), 'unknown');
});

test('unknown: fewer repeats than were planned, because they failed or were never run', () => {
  assert.is(verify([checked()], 3).verdict, 'unknown');
  assert.is(verify([], 3).verdict, 'unknown');
  const { verdict, checks } = verify([checked(), checked({ outcome: 'failed' }), checked()], 3);
  assert.is(verdict, 'unknown');
  assert.equal([checks[0]?.held, checks[0]?.observed], [false, '2 of 3']);
  assert.is(verify([checked({ rate: rate(0.9) })], 3).verdict, 'failed');
});

/** A cluster that carries 10 MB/s a partition up to 4, without a broker: run folders as ksweep writes them. */
function simulated(achieved: number): { run: RunWorkload; rates: string[] } {
  let runs = 0;
  const rates: string[] = [];
  const run: RunWorkload = async ({ plan, workload }) => {
    const dir = join(folder, `run-${achieved}-${runs++}`);
    const results = plan.cells.flatMap((cell) =>
      Array.from({ length: workload.repeats }, (_, block) => {
        const partitions = cell.workload.topic.partitions;
        const fixed = cell.workload.load.rate !== 'max';
        if (fixed && block === 0) rates.push(JSON.stringify(cell.workload.load.rate));
        const bytesPerSec = Math.min(4, partitions) * 10e6 * (1 + block / 1000);
        return {
          ...repeatOf(partitions, block, bytesPerSec, fixed ? { rate: rate(achieved) } : {}),
          cellId: cell.id,
        };
      }),
    );
    const cells = plan.cells.map(({ id, label, settings }) => ({ id, label, settings }));
    for (const result of results) {
      const place = join(dir, 'cells', result.cellId, String(result.block));
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'result.json'), JSON.stringify(result));
    }
    writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ ...manifestOf(), cells, workload }));
    return { dir, results };
  };
  return { run, rates };
}

test('the whole way: sweep, size, run the recommendation at the demand, judge', async () => {
  const { run, rates } = simulated(1);
  const outcome = await sizeVerify(WORKLOAD, { set: ['repeats=5'] }, run);
  // 40 MB/s at least, at 80 %: 32 MB/s with headroom, which 4 partitions carry; 6 is the multiple of 3 brokers.
  assert.is(outcome.sizing.partitions?.needed.high, 4);
  assert.is(outcome.sizing.partitions?.recommended, 6);
  assert.equal(rates, ['{"kind":"bytes","perSec":25600000}']);
  assert.is(outcome.verification?.verdict, 'held');
  assert.is(verifyStatus(outcome), 0);
  const text = renderVerification(outcome);
  assert.match(text, /at 25\.6 MB\/s\n[\s\S]*machine: 2 × cpu[\s\S]*Kafka 4\.3\.0, 3 broker\(s\) elsewhere/);
  assert.match(text, /HELD: the recommended configuration carried the demand/);
});

test('stopped by Ctrl-C before all repeats of the check were run, nothing is known', async () => {
  const { run } = simulated(1);
  let runs = 0;
  const stopped: RunWorkload = async (loaded) => {
    const whole = await run(loaded);
    return runs++ === 0 ? whole : { ...whole, results: whole.results.slice(0, 1) };
  };
  const outcome = await sizeVerify(WORKLOAD, { set: ['repeats=5'] }, stopped);
  assert.is(outcome.verification?.verdict, 'unknown');
  assert.is(verifyStatus(outcome), 3);
  assert.match(renderVerification(outcome), /\? {5}repeats measured +1 of 3 \(expected all\)[\s\S]*UNKNOWN:/);
});

test('a cluster that does not keep up exits with a threshold breach', async () => {
  const outcome = await sizeVerify(WORKLOAD, { set: [] }, simulated(0.9).run);
  assert.is(outcome.verification?.verdict, 'failed');
  assert.is(verifyStatus(outcome), 4);
});

test('the recommendation is run through --set, so that its run folder can be rerun', async () => {
  const { sizing, demand } = await sizeVerify(
    WORKLOAD,
    { set: ['repeats=5'], demandShare: '40%' },
    simulated(1).run,
  );
  const set = checkOverrides(sizing, demand, 6_000);
  const { workload, plan } = loadWorkload(WORKLOAD, { set });
  assert.equal(
    plan.cells.map((cell) => cell.workload.topic.partitions),
    [sizing.partitions?.recommended],
  );
  assert.equal(workload.load.rate, { kind: 'bytes', perSec: 12_800_000 });
  assert.equal([workload.load.timing, workload.load.duration], ['each', 20_000]);
  assert.ok(checkOverrides(sizing, demand, 45_000).includes('duration=45000ms'));
});

test('a share that asks for nothing, or for more than there is, is refused', async () => {
  for (const [demandShare, message] of [
    ['0', /asks for no traffic/],
    ['120%', /above 1/],
  ] as const) {
    try {
      await sizeVerify(WORKLOAD, { set: [], demandShare }, simulated(1).run);
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, message);
    }
  }
});

test.run();
