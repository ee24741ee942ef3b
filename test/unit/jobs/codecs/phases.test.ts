import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { type CodecConfig, configOfCell } from '../../../../bench/jobs/codecs/codecs.ts';
import {
  capacityPhase,
  cellText,
  finalistsPhase,
  fitToBudget,
  outline,
  phaseMs,
  recompressionPhase,
  screenPhase,
  stampPhase,
} from '../../../../bench/jobs/codecs/phases.ts';
import type { CodecsRequest } from '../../../../bench/jobs/codecs/request.ts';
import { PAYLOAD, requestWith } from '../../../support/codecs.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('phases of a codec comparison');

const zstd: CodecConfig = { codec: 'zstd', level: 3, batchSizeBytes: 131_072, lingerMs: 5 };
const none: CodecConfig = { codec: 'none', level: null, batchSizeBytes: 131_072, lingerMs: 5 };
const totalMs = (request: CodecsRequest): number =>
  outline(request, PAYLOAD).reduce((sum, phase) => sum + phaseMs(phase), 0);

test('the screen is every codec × batch.size × linger.ms, each once a block and in another order', () => {
  const { plan, workload, labels } = screenPhase(requestWith({ lingersMs: [0, 20] }), PAYLOAD);
  assert.is(plan.cells.length, 3 * 2 * 2);
  const configs = plan.cells.map((cell) => JSON.stringify(configOfCell(cell)));
  assert.is(new Set(configs).size, 12);
  assert.ok(configs.includes(JSON.stringify({ ...zstd, lingerMs: 20 })));
  assert.is(new Set(labels.values()).size, 12, 'labels tell the cells apart');
  const orders = Array.from({ length: 4 }, (_, block) =>
    plan.repeats.filter((repeat) => repeat.block === block).map(({ cellId }) => cellId),
  );
  for (const order of orders) assert.equal([...order].sort(), plan.cells.map(({ id }) => id).sort());
  assert.ok(new Set(orders.map(String)).size > 1);
  assert.is(workload.records.stamp, 'header', 'the records keep their bytes');
});

test('finalists get fresh seeds, and their own cells alone', () => {
  const request = requestWith();
  const screen = screenPhase(request, PAYLOAD);
  const finalists = finalistsPhase(request, PAYLOAD, [zstd, none]);
  assert.equal(finalists.plan.cells.map(configOfCell), [zstd, none]);
  assert.is(finalists.plan.repeats.length, 2 * request.finalistRepeats);
  const seeds = new Set(screen.plan.repeats.map(({ seed }) => seed));
  assert.ok(finalists.plan.repeats.every(({ seed }) => !seeds.has(seed)));
  assert.equal(finalistsPhase(request, PAYLOAD, [zstd, none]).plan, finalists.plan, 'the same when resumed');
});

test('the stamp is tried with nobody reading, in both ways for each configuration', () => {
  const { plan } = stampPhase(requestWith(), PAYLOAD, [zstd, none]);
  assert.equal(
    plan.cells.map(({ workload }) => workload.records.stamp),
    ['header', 'none', 'header', 'none'],
  );
  assert.ok(plan.cells.every(({ workload }) => workload.consumers.groups === 0));
});

test('recompression differs in the topic’s codec alone, at the rate and at maximum rate', () => {
  const phase = recompressionPhase(requestWith(), PAYLOAD, zstd);
  const seen = phase.plan.cells.map(({ workload }) => [
    workload.topic.configs['compression.type'],
    workload.load.rate === 'max' ? 'max' : 'rate',
  ]);
  assert.equal(seen, [
    ['producer', 'rate'],
    ['producer', 'max'],
    ['gzip', 'rate'],
    ['gzip', 'max'],
  ]);
  assert.ok(phase.plan.cells.every((cell) => JSON.stringify(configOfCell(cell)) === JSON.stringify(zstd)));
  assert.is(new Set(phase.plan.cells.map((cell) => cellText(phase, cell))).size, 4);
  const asked = recompressionPhase(requestWith({ topicCompression: 'uncompressed' }), PAYLOAD, zstd);
  assert.is(asked.plan.cells[2]?.workload.topic.configs['compression.type'], 'uncompressed');
});

test('the search for the sustainable rate is bounded in probes', () => {
  const [cell] = capacityPhase(requestWith(), PAYLOAD, [zstd]).plan.cells;
  const rate = cell?.workload.load.rate;
  assert.ok(rate !== undefined && rate !== 'max' && 'search' in rate && rate.search.maxProbes <= 8);
});

test('overrides reach every phase', () => {
  const request = requestWith({ set: ['topic.replicationFactor=3', 'acks=1'], findMax: true });
  for (const { name, plan } of outline(request, PAYLOAD)) {
    for (const { workload } of plan.cells) {
      assert.is(workload.topic.replicationFactor, 3, name);
      assert.is(workload.producer['acks'], 1, name);
    }
  }
});

test('what cannot be run is refused before anything starts', () => {
  assert.throws(
    () => screenPhase(requestWith({ set: ['acks=7'] }), PAYLOAD),
    (error: unknown) => error instanceof KsweepError && error.details.some((line) => /acks/.test(line)),
  );
});

test('a budget takes repeats until it fits: the screen’s first, and never the last ones', () => {
  const request = requestWith();
  assert.equal(fitToBudget(request, PAYLOAD, totalMs(request)).request, request);
  const less = fitToBudget(request, PAYLOAD, totalMs(request) - 1).request;
  assert.is(less.repeats, request.repeats - 1);
  assert.is(less.finalistRepeats, request.finalistRepeats);
  let before = Number.POSITIVE_INFINITY;
  for (const share of [1, 0.9, 0.8, 0.7, 0.6]) {
    const fitted = fitToBudget(request, PAYLOAD, share * totalMs(request));
    assert.ok(fitted.totalMs <= share * totalMs(request) && fitted.totalMs <= before);
    assert.ok(fitted.request.repeats >= 2 && fitted.request.finalistRepeats >= 3);
    before = fitted.totalMs;
  }
  assert.throws(() => fitToBudget(request, PAYLOAD, 1000), /--budget: 0\.0 min is not enough/);
});

test('phases that are skipped take no time', () => {
  const names = (request: CodecsRequest) => outline(request, PAYLOAD).map(({ name }) => name);
  assert.equal(names(requestWith()), ['screen', 'finalists', 'stamp', 'recompression']);
  assert.equal(names(requestWith({ skip: ['stamp', 'recompression'], findMax: true })), [
    'screen',
    'finalists',
    'capacity',
  ]);
});

test.run();
