import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { findPrices } from '../../../../infra/catalog/catalog.ts';
import { capacityOf } from '../../../../reports/sizing/build.ts';
import type { Capacity } from '../../../../reports/sizing/capacity.ts';
import { openQuestions } from '../../../../reports/sizing/granular-assumptions.ts';
import { reportGranular } from '../../../../reports/sizing/granular-report.ts';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { checkInput, readInputFile } from '../../../../reports/sizing/input/check.ts';
import { granularDemandSchema } from '../../../../reports/sizing/input/granular.ts';
import { renderHtml } from '../../../../reports/sizing/render/html.ts';
import { renderMarkdown } from '../../../../reports/sizing/render/markdown.ts';
import { renderText } from '../../../../reports/sizing/render/text.ts';
import type { SizingReport } from '../../../../reports/sizing/report.ts';
import { measuredCapacity, shippedCatalog } from '../../../support/sizing.ts';
import { assertFitsSchema } from '../../../support/sizing-schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('granular report');

const example = (name: string) => readInputFile(join(packageRoot(), 'docs/examples/sizing', name)).values;
const UNKNOWN = capacityOf({}, null);

function reportOf(answers: Record<string, unknown>, capacity: Capacity = UNKNOWN): SizingReport {
  const demand = checkInput(granularDemandSchema, answers);
  return reportGranular(
    {
      demand,
      hardware: resolveHardware(shippedCatalog, demand),
      zones: 3,
      failures: 1,
      rebuildSec: null,
      usualCompression: 0.6,
      benchmarkedSec: null,
      capacity,
      brokerCpu: null,
    },
    {
      basis: 'figures alone',
      phase: undefined,
      assumptions: openQuestions(answers, demand),
      warnings: [],
      catalog: shippedCatalog,
      prices: findPrices(shippedCatalog, 'us-east-1'),
      followerFetching: false,
    },
  );
}
const producer = (more: Record<string, unknown> = {}) => ({
  name: 'a',
  average: '1k/s',
  messageSize: 1000,
  ...more,
});
const codes = (notes: readonly { code: string }[]) => notes.map((note) => note.code);
const textOf = (report: SizingReport, code: string) =>
  [...report.advice, ...report.warnings].find((note) => note.code === code)?.text ?? '';

test('a topic whose copies the lost brokers may hold is named; one that keeps a copy is not', () => {
  const report = reportOf({
    producers: [producer({ name: 'single', replicationFactor: 1 }), producer({ name: 'safe' })],
  });
  assert.match(textOf(report, 'copies-lost'), /^single: .*its only copy/);
  assert.is(codes(report.advice).filter((code) => code === 'copies-lost').length, 1);
});

test('a topic that keeps a copy and loses its producers all the same is named', () => {
  const strict = { replicationFactor: 3, minInsyncReplicas: 3 };
  const report = reportOf({
    producers: [producer({ name: 'strict', ...strict }), producer({ name: 'safe' })],
  });
  const warnings = report.warnings.filter((one) => one.code === 'in-sync-lost');
  assert.is(warnings.length, 1);
  assert.match(
    warnings[0]?.text ?? '',
    /^strict: 1 broker may hold 1 replicas of 3, and minInsyncReplicas 3 leaves/,
  );
});

test('JSON holds numbers for every topic, tier and variant, and fits the shipped schema', () => {
  const report = reportOf(example('eventsizer.yaml'));
  assertFitsSchema(report);
  const [events, enriched] = report.topics;
  assert.is(events?.wireBytesPerSec.peak, 1.6e9);
  assert.is(events?.partitions.average, 2000);
  assert.is(events?.partitionsWithHeadroom.average, 3334);
  assert.is(enriched?.readers, 1);
  const processor = report.tiers.find((tier) => tier.tier === 'processor');
  assert.is(processor?.instances?.peak, 4000);
  assert.is(processor?.withHeadroom?.average, 1667);
  assert.is(report.brokersByVariant?.peakWithGrowth.brokers, report.brokers?.recommended);
  assert.ok((report.brokersByVariant?.average.brokers ?? 0) <= (report.brokers?.recommended ?? 0));
});

test('the tables show both counts, and the archive is in the cost', () => {
  const report = reportOf(example('shop.yaml'));
  assertFitsSchema(report);
  const text = renderText(report);
  assert.match(text, /Partitions that each topic likely needs \(in brackets: with the headroom/);
  assert.match(text, /orders +4 \[6\] +15 \[19\] +5 \[9\] +30 \[38\]/);
  assert.match(text, /consumer +billing +2 \[4\] +15 \[19\]/);
  assert.match(text, /archive +121\u202f098 GB +0\.023 USD/);
  assert.match(text, /not included: the controllers of the KRaft quorum/);
  for (const page of [renderMarkdown(report), renderHtml(report)]) {
    assert.match(page, /average with growth/);
    assert.match(page, /Not included: the controllers of the KRaft quorum/);
  }
});

test('beyond the sweep: said in every view, and nothing is recommended', () => {
  const capacity = measuredCapacity([
    [1, [10e6, 10e6]],
    [8, [60e6, 60e6]],
  ]);
  const report = reportOf({ producers: [producer({ average: '300k/s' })] }, capacity);
  assertFitsSchema(report);
  assert.is(report.feasible, false);
  assert.is(report.cost, null);
  assert.is(report.topics[0]?.partitionsWithHeadroom.peakWithGrowth, null);
  assert.match(report.infeasible[0]?.message ?? '', /^a: measured only up to 8 partitions/);
  for (const page of [renderText(report), renderMarkdown(report), renderHtml(report)]) {
    assert.match(page, /beyond the sweep/);
  }
  // Today's average fits and the peak does not.
  const partly = reportOf({ producers: [producer({ average: '30k/s', peak: '90k/s' })] }, capacity);
  assert.match(renderText(partly), /a +8 \[8\] +beyond the sweep +8 \[8\] +beyond the sweep/);
});

test('partitions that only readers ask for are flagged where nobody has measured so many', () => {
  const capacity = measuredCapacity([[4, [60e6, 60e6]]]);
  const consumers = [{ name: 'c', processingTime: '10ms', sources: ['a'] }];
  const report = reportOf({ producers: [producer()], consumers }, capacity);
  assert.is(report.feasible, true);
  assert.match(textOf(report, 'beyond-the-sweep'), /^a: readers ask for more partitions than the 4/);
  assert.not.ok(codes(reportOf({ producers: [producer()] }, capacity).warnings).includes('beyond-the-sweep'));
});

test('no number of brokers: infeasible, and still JSON', () => {
  const report = reportOf({ producers: [producer({ average: '900k/s' })], maxBrokers: 3 });
  assertFitsSchema(report);
  assert.is(report.feasible, false);
  assert.match(renderText(report), /^Infeasible/);
  const effects = report.sensitivities.map((one) => [one.change, one.effect, one.flips]);
  assert.equal(effects[1], ['×2', 'still infeasible', false]);
});

test('what would change the answer: brokers, or whether there is one', () => {
  const of = (maxBrokers: number) =>
    reportOf({ producers: [producer({ average: '100k/s' })], maxBrokers }).sensitivities;
  const feasible = of(100);
  assert.match(feasible.find((one) => one.change === '×2')?.effect ?? '', /^brokers \d+ → \d+ \(/);
  const count = Number(/brokers (\d+)/.exec(feasible.find((one) => one.flips)?.effect ?? '')?.[1]);
  assert.is(of(count).find((one) => one.change === '×2')?.effect, 'infeasible: disk space');
});

test('advice: start small where few partitions do, keys by the growth of the producers', () => {
  const small = reportOf({ producers: [producer(), producer({ name: 'big', average: '9k/s' })] });
  assert.match(textOf(small, 'start-small'), /^a, big: start small/);
  assert.match(textOf(small, 'keys-remap'), /state the growth/);
  const large = reportOf({
    producers: [producer({ growth: 2 })],
    consumers: [{ name: 'c', processingTime: '10ms', sources: ['a'] }],
  });
  assert.not.ok(codes(large.advice).includes('start-small'));
  assert.match(textOf(large, 'keys-remap'), /partitions of "peak with growth" from the start/);
  assert.ok(codes(large.advice).includes('never-shrink'));
});

test('every default that stands in for an answer is among the assumptions, with whose it is', () => {
  const answers = {
    producers: [
      producer(),
      producer({ name: 'b', peak: '2k/s', replicationFactor: 2, retention: '1d', growth: 2 }),
    ],
    processors: [{ name: 'p', processingTime: '1ms', sources: ['a'] }],
    consumers: [{ name: 'c', processingTime: '1ms', concurrency: 4, sources: ['b'] }],
  };
  const assumed = reportOf(answers).assumptions;
  assert.equal(
    assumed.map((one) => [one.name, one.value]),
    [
      ['Peak of a', 'the average'],
      ['Replication factor of a', 3],
      ['Retention of a', 604_800],
      ['Growth of a', 1],
      ['Retention of the output of p', 604_800],
      ['Passthrough of p', 1],
      ['Events handled at a time of p', 1],
    ],
  );
  assert.ok(assumed.every((one) => one.kind === 'assumption' && one.source.startsWith('default: ')));
  // The defaults that are told are those that the schema fills in.
  const { producers, processors } = checkInput(granularDemandSchema, answers);
  assert.is(producers[0]?.replicationFactor, 3);
  assert.is(producers[0]?.retention, 604_800);
  assert.is(producers[0]?.growth, 1);
  assert.is(processors[0]?.outputRetention, 604_800);
  assert.is(processors[0]?.passthrough, 1);
  assert.is(processors[0]?.concurrency, 1);
});

test('MSK without its prices: no total, and it is said', () => {
  const report = reportOf({ producers: [producer()], platform: 'msk', instance: 'm5.large' });
  assertFitsSchema(report);
  assert.is(report.cost?.perMonth, null);
  assert.ok(codes(report.warnings).includes('no-msk-prices'));
});

test.run();
