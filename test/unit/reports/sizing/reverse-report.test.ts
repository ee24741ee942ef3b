import * as assert from 'uvu/assert';
import type { Figure } from '../../../../reports/sizing/figure.ts';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { renderHtml } from '../../../../reports/sizing/render/html.ts';
import { renderMarkdown } from '../../../../reports/sizing/render/markdown.ts';
import { renderText } from '../../../../reports/sizing/render/text.ts';
import { resolveData } from '../../../../reports/sizing/resolve.ts';
import { type ReverseProblem, reportReverse } from '../../../../reports/sizing/reverse.ts';
import { reportContext, shippedCatalog } from '../../../support/sizing.ts';
import { assertFitsSchema } from '../../../support/sizing-schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('reverse report');

function reportOf(more: Partial<ReverseProblem> = {}) {
  const problem: ReverseProblem = {
    brokers: 6,
    peakFactor: 2,
    data: resolveData({ replicationFactor: 3, zones: 3, failures: 1 }, null, [] as Figure[]),
    fanOut: 1,
    retentionSec: 86_400,
    utilizationAverage: 0.6,
    utilizationPeak: 0.8,
    hardware: resolveHardware(shippedCatalog, { instance: 'm5.large', platform: 'self-managed' }),
    brokerCpu: null,
    ...more,
  };
  return reportReverse(problem, reportContext('figures alone'));
}

test('what each resource carries, by hand and as numbers; the tightest at the head', () => {
  const report = reportOf();
  assertFitsSchema(report);
  const carries = new Map(report.allowances.map((one) => [one.resource, one.averageBytesPerSec]));
  const close = (resource: string, expected: number) =>
    assert.ok(Math.abs((carries.get(resource) ?? 0) - expected) < 1, `${resource} ${carries.get(resource)}`);
  // Five brokers are left, and the average may use 0.8 / 2 of 93.75 MB/s of network or 81.25 of EBS, three copies.
  close('network in', (0.4 * 93.75e6 * 5) / 3);
  close('disk throughput', (0.4 * 81.25e6 * 5) / 3);
  // 8 GiB less a heap of 6 GB, for 30 s at twice the average.
  close('memory', ((8 * 2 ** 30 - 6e9) * 5) / (3 * 30 * 2));
  const sorted = report.allowances.map((one) => one.averageBytesPerSec);
  assert.equal(
    sorted,
    [...sorted].sort((a, b) => a - b),
  );
  const answer = (name: string) => report.answers.find((one) => one.name === name)?.value;
  assert.is(answer('Binds first'), report.allowances[0]?.resource);
  assert.is(answer('Average traffic'), sorted[0]);
  assert.is(answer('Partitions, at most'), 8000);
  assert.ok((report.cost?.perMonth ?? 0) > 0);
  assert.ok(report.sensitivities.some((one) => one.flips));
});

test('every view holds the answer, the resources and the cost', () => {
  const report = reportOf();
  assert.match(renderText(report), /^Recommendation\n {2}Average traffic +54\.17 MB\/s/);
  assert.match(renderMarkdown(report), /^# What the cluster carries/);
  for (const page of [renderText(report), renderMarkdown(report), renderHtml(report)]) {
    assert.match(page, /What each resource carries on average/);
    assert.match(page, /disk throughput/);
    assert.match(page, /6 × m5\.large/);
  }
});

test('brokers that carry nothing are infeasible with the reason, and cost nothing', () => {
  const report = reportOf({ brokers: 2 });
  assertFitsSchema(report);
  assert.is(report.cost, null);
  assert.match(
    renderText(report),
    /^Infeasible\n {2}replication factor: 3 replicas need 3 brokers, there are 2/,
  );
});

test.run();
