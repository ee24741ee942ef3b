import * as assert from 'uvu/assert';
import type { HardwareAnswers } from '../../../../reports/sizing/broker-hardware.ts';
import { type ClusterProblem, reportCluster, solveCluster } from '../../../../reports/sizing/cluster.ts';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { resolveData } from '../../../../reports/sizing/resolve.ts';
import { reportReverse } from '../../../../reports/sizing/reverse.ts';
import { reportContext, shippedCatalog } from '../../../support/sizing.ts';
import { assertFitsSchema } from '../../../support/sizing-schema.ts';
import { suite } from '../../../support/suite.ts';

/** What a limit rests on, which watermark holds, and what leads out where a limit is broken. */
const test = suite('sizing: limits and ways out');

const hardware = (answers: Partial<HardwareAnswers> = {}) =>
  resolveHardware(shippedCatalog, { platform: 'self-managed', ...answers });

function cluster(averageMB: number, more: Partial<ClusterProblem> = {}): ClusterProblem {
  return {
    averageBytesPerSec: averageMB * 1e6,
    peakBytesPerSec: averageMB * 2e6,
    data: resolveData({}, null, []),
    fanOut: 1,
    retentionSec: 7 * 86_400,
    utilizationAverage: 0.6,
    utilizationPeak: 0.8,
    maxBrokers: null,
    hardware: hardware(),
    brokerCpu: null,
    ...more,
  };
}

const contextFor = (
  answers: HardwareAnswers,
  types: readonly string[] = [...shippedCatalog.instances.keys()],
) => ({
  ...reportContext('figures alone'),
  hardwareVariants: {
    answers,
    types,
    resolve: (more: Partial<HardwareAnswers>) => resolveHardware(shippedCatalog, { ...answers, ...more }),
  },
});

test('average load keeps its watermark with every broker up, the peak with those that are left', () => {
  // 30 MB/s read three times: 150 MB/s out of 3 × 97.63 is 51.2 %, and of two of them 76.8 %.
  const problem = cluster(30, { peakBytesPerSec: 30e6, fanOut: 3, retentionSec: 86_400 });
  const sizing = solveCluster(problem);
  assert.is(sizing.brokers, 3);
  const out = sizing.needs.find((need) => need.resource === 'network out');
  assert.is(((out?.utilizationAtPeak ?? 0) * 100).toFixed(1), '51.2');
  assert.is(((out?.utilizationAfterFailure ?? 0) * 100).toFixed(1), '76.8');
});

test('why few became many is one line', () => {
  // 200 MB/s at peak, read twice: 800 MB/s out of 0.8 × 97.63 each is 11 left, 12 with one lost.
  assert.is(
    solveCluster(cluster(100, { fanOut: 2, retentionSec: 3600 })).why,
    'network out needs 11 → 12 with 1 broker lost',
  );
  assert.is(
    solveCluster(cluster(60, { retentionSec: 3600 })).why,
    'disk throughput needs 6 → 7 with 1 broker lost → 9 as a multiple of 3 zones',
  );
});

test('no partitions were asked for, so their replicas are no resource', () => {
  assert.not(solveCluster(cluster(30)).needs.some((need) => need.resource === 'partition replicas'));
});

test('an answer above a baseline is burst or an assumption, never a documented limit', () => {
  const own = hardware({ instance: 'm5.2xlarge', network: 640e6, diskThroughput: 640e6 });
  assert.equal([own.kinds.network, own.kinds.storage], ['assumption', 'assumption']);
  const texts = own.warnings.filter((one) => one.code === 'above-baseline').map((one) => one.text);
  assert.match(
    texts.join('\n'),
    /network 640 MB\/s is above the 312\.5 MB\/s .*that is burst \(up to 1\.25 GB\/s/,
  );
  assert.match(
    texts.join('\n'),
    /diskThroughput 640 MB\/s .*above its bursts of 593\.8 MB\/s: no such broker/,
  );
  const m7g = hardware({ instance: 'm7g.large', diskThroughput: 144e6 });
  assert.match(
    m7g.warnings[0]?.text ?? '',
    /above the 78\.75 MB\/s that m7g\.large has for good: that is burst/,
  );
  for (const more of [{ memory: 2 ** 40 }, { cores: 64 }, { diskSize: 1e15 }]) {
    const { warnings } = hardware({ instance: 'm5.large', ...more });
    assert.is(warnings[0]?.code, 'above-baseline', JSON.stringify(more));
  }
  const within = hardware({ instance: 'm5.2xlarge', network: 100e6, diskThroughput: 100e6, cores: 4 });
  assert.equal(within.warnings, []);
});

test('what rests on default utilization and peak factor is an assumption, whatever the limit is', () => {
  const report = reportReverse(
    { ...cluster(0), brokers: 9, peakFactor: 2 },
    contextFor({ platform: 'self-managed' }, []),
  );
  assertFitsSchema(report);
  assert.ok(report.answers.every((one) => one.kind === 'assumption'));
  assert.ok(
    report.allowances.some((one) => one.limitKind === 'documented limit' && one.kind === 'assumption'),
  );
});

test('reverse: the longest retention of a fleet, and a traffic that it does not carry', () => {
  const context = contextFor({ platform: 'self-managed' }, []);
  const problem = { ...cluster(0), brokers: 9, peakFactor: 2 };
  const kept = (averageBytesPerSec: number) => {
    const report = reportReverse({ ...problem, averageBytesPerSec }, context);
    return { report, sec: report.answers.find((one) => one.name === 'Longest retention')?.value };
  };
  // 9 × 16 TiB × 0.75 ÷ (20 MB/s × 3 × 1.25).
  const days = (Number(kept(20e6).sec) / 86_400).toFixed(2);
  assert.is(days, ((9 * 16 * 2 ** 40 * 0.75) / (20e6 * 3 * 1.25) / 86_400).toFixed(2));
  const { report } = kept(80e6);
  assert.is(report.feasible, false);
  assert.is(report.infeasible[0]?.constraint, 'disk space');
  assert.ok(report.waysOut.some((way) => way.change.startsWith('retention 7 d →')));
  assert.ok(report.waysOut.some((way) => way.change === 'volumes 1 → 2'));
});

test('infeasible: every broken limit by name, and the nearest feasible changes with their cost', () => {
  const answers = { platform: 'self-managed', instance: 'm5.2xlarge' } as const;
  const problem = cluster(100, { hardware: hardware(answers), maxBrokers: 9 });
  const report = reportCluster(problem, contextFor(answers));
  assertFitsSchema(report);
  const costs = report.waysOut.map((way) => way.costPerMonth ?? Number.POSITIVE_INFINITY);
  assert.equal(
    [...costs].sort((a, b) => a - b),
    costs,
  );
  assert.ok(report.waysOut.some((way) => way.change === 'volumes 1 → 2' && way.answer === '9 brokers'));
  const tight = cluster(100, { hardware: hardware({ instance: 'm5.large' }), maxBrokers: 3 });
  const names = solveCluster(tight).infeasible.map((one) => one.constraint);
  for (const one of ['disk space', 'network in', 'network out', 'disk throughput'])
    assert.ok(names.includes(one), one);
  // Each way out that is printed is one: taken, the demand is met.
  for (const way of report.waysOut) assert.ok(way.answer.endsWith('brokers'), way.change);
});

test('infeasible by two limits at once: pairs of changes are tried', () => {
  const answers = { platform: 'self-managed', instance: 'm6i.large' } as const;
  // Neither the disks nor the network of three brokers are enough.
  const problem = cluster(90, { hardware: hardware(answers), fixedBrokers: 3 });
  const report = reportCluster(problem, contextFor(answers));
  assert.ok(report.waysOut.length > 0);
  assert.ok(report.infeasible.length > 1);
});

test('types compared by cost: the cheapest first, and none whose rates nobody knows', () => {
  const report = reportCluster(
    cluster(20, { retentionSec: 86_400 }),
    contextFor({ platform: 'self-managed' }),
  );
  const priced = report.types.flatMap(({ costPerMonth }) => (costPerMonth === null ? [] : [costPerMonth]));
  assert.ok(priced.length > 20);
  assert.equal(
    [...priced].sort((a, b) => a - b),
    priced,
  );
  assert.not(report.types.some((one) => /^t[23]\./.test(one.instance)));
  const own = report.types.find((one) => one.instance === 'm6i.large');
  assert.is(own?.costPerMonth, report.cost?.perMonth);
});

test('watermarks of the network and of the disks hold for them alone', () => {
  const base = solveCluster(cluster(60, { retentionSec: 3600 }));
  const need = (sizing: typeof base, resource: string) =>
    sizing.needs.find((one) => one.resource === resource)?.brokers ?? 0;
  const network = solveCluster(cluster(60, { retentionSec: 3600, networkWatermark: 0.4 }));
  assert.ok(need(network, 'network out') > need(base, 'network out'));
  assert.is(need(network, 'disk throughput'), need(base, 'disk throughput'));
  const disk = solveCluster(cluster(60, { retentionSec: 3600, diskWatermark: 0.4 }));
  assert.ok(need(disk, 'disk throughput') > need(base, 'disk throughput'));
  assert.is(need(disk, 'network out'), need(base, 'network out'));
});

test('disk fill and overhead are the user’s to set', () => {
  const { load } = solveCluster(cluster(50, { diskFill: 0.5, diskOverhead: 1 }));
  assert.is(load.diskBytes, load.storedBytes * 2);
  assert.match(
    solveCluster(cluster(50, { diskFill: 0.5 })).needs.find((one) => one.resource === 'disk space')?.source ??
      '',
    /× 1\.25 ÷ 0\.5/,
  );
});

test('CPU: not judged without a run, with what the rule of thumb asks; counted where it is asked for', () => {
  const problem = cluster(30, { peakBytesPerSec: 30e6, retentionSec: 3600 });
  const cpu = solveCluster(problem).notJudged.find((one) => one.resource === 'CPU');
  // (90 + 90 ÷ 4) MB/s ÷ (20 MB/s × 2 vCPUs × 60 %) = 4.7.
  assert.match(cpu?.reason ?? '', /Google Cloud's rule of thumb .* 5 in working order.*--per-core 20MB\/s/);
  const ruled = solveCluster({ ...problem, perCoreBytesPerSec: 20e6 });
  const need = ruled.needs.find((one) => one.resource === 'CPU');
  assert.is(need?.brokers, 5);
  assert.is(need?.limitKind, 'heuristic');
  assert.equal(ruled.notJudged, []);
});

test('Google Cloud’s own example: 0.6 MB/s at three replicas is 2.25 MB/s, so one vCPU at 50 %', () => {
  const problem = cluster(0.6, {
    peakBytesPerSec: 0.6e6,
    utilizationAverage: 0.5,
    utilizationPeak: 0.5,
    perCoreBytesPerSec: 20e6,
    hardware: hardware({ instance: 'own', cores: 1, diskSize: 1e12 }),
  });
  assert.is(solveCluster(problem).needs.find((one) => one.resource === 'CPU')?.brokers, 1);
});

test('own hardware: its own figures, no price of a cloud, and what is left out is not judged', () => {
  const described = hardware({ network: 1.25e9, memory: 64e9, diskSize: 8e12 });
  assert.is(described.instance, 'own');
  const problem = cluster(50, { hardware: described });
  const report = reportCluster(problem, contextFor({ platform: 'self-managed' }, []));
  assertFitsSchema(report);
  assert.is(report.cost, null);
  assert.ok(report.warnings.some((one) => one.code === 'own-hardware'));
  assert.equal(
    report.notJudged.map((one) => one.resource),
    ['disk throughput', 'CPU'],
  );
  const context = contextFor({ platform: 'self-managed' }, []);
  const instancesPerHour = { ...context.prices.instancesPerHour, own: 0.5 };
  const priced = reportCluster(problem, { ...context, prices: { ...context.prices, instancesPerHour } });
  assert.is(priced.cost?.perMonth, (report.brokers?.recommended ?? 0) * 730 * 0.5);
  assert.throws(
    () => hardware({ instance: 'own' }),
    (error: { message: string }) => /nothing is known of your own machines/.test(error.message),
  );
  assert.throws(
    () => hardware({ instance: 'own', platform: 'msk' }),
    (error: { message: string }) => /^platform: own machines/.test(error.message),
  );
});

test('Amazon MSK: types that it does not sell are refused, and Express is sized by ingress and egress', () => {
  assert.throws(
    () => hardware({ platform: 'msk', instance: 'm6i.large' }),
    (error: { message: string }) => /Amazon MSK has no brokers of type m6i\.large/.test(error.message),
  );
  assert.throws(
    () => hardware({ instance: 'express.m7g.large' }),
    (error: { hint: string }) => /--platform msk/.test(error.hint),
  );
  assert.is(hardware({ platform: 'msk' }).instance, 'm7g.large');
  const express = hardware({ platform: 'msk', instance: 'express.m7g.xlarge' });
  // 30 MB/s on average at 60 % of 31.2 MB/s each, and 60 at peak at 80 % with one lost: 3 left, 4, 6 in three zones.
  const sizing = solveCluster(cluster(30, { hardware: express }));
  assert.is(sizing.why, 'ingress needs 3 → 4 with 1 broker lost → 6 as a multiple of 3 zones');
  assert.throws(
    () => hardware({ platform: 'msk', instance: 'express.m7g.large', volumes: 2 }),
    (error: { message: string }) => /^volumes: express/.test(error.message),
  );
});

test.run();
