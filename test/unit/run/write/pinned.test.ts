import * as assert from 'uvu/assert';
import { pinnedOf } from '../../../../bench/run/write/pinned.ts';
import { resolveWorkload } from '../../../../bench/workload/load.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('pinned settings');

function pins(input: Record<string, unknown>): ReturnType<typeof pinnedOf> {
  const { plan } = resolveWorkload({ name: 'x', ...input }, '.', (problems) => {
    throw new Error(JSON.stringify(problems));
  });
  return pinnedOf(plan.cells);
}

test('a swept setting is not pinned, and what all cells pin stands once', () => {
  const { pinned, pinnedByCell } = pins({ sweep: { axes: { 'batch.size': [16_384, 131_072] } } });
  assert.not.ok('batch.size' in pinned.producer);
  assert.is(pinned.producer['buffer.memory'], 33_554_432);
  assert.is(pinned.consumer['max.poll.records'], 500);
  assert.is(pinnedByCell, undefined);
});

test('what one setting decides for another is told by cell', () => {
  const { pinned, pinnedByCell } = pins({ sweep: { axes: { acks: ['1', 'all'] } } });
  assert.not.ok('enable.idempotence' in pinned.producer);
  assert.equal(pinnedByCell, {
    '000-1': { producer: { 'enable.idempotence': false }, consumer: {} },
    '001-all': { producer: { 'enable.idempotence': true }, consumer: {} },
  });
});

test('cells of the consumer protocol claim no assignment strategy', () => {
  const { pinned, pinnedByCell } = pins({ sweep: { axes: { 'group.protocol': ['classic', 'consumer'] } } });
  assert.not.ok('partition.assignment.strategy' in pinned.consumer);
  assert.equal(Object.keys(pinnedByCell ?? {}), ['000-classic']);
});

test('a transaction size that nobody gave is written down', () => {
  assert.is(pins({ producer: { 'transactional.id': 'x' } }).pinned.producer['transaction.size'], 1_000);
  assert.not.ok('transaction.size' in pins({}).pinned.producer);
});

test('a base that only its sweep makes possible can be pinned', () => {
  const { pinned } = pins({
    consumer: { 'session.timeout.ms': 3_000 },
    sweep: { axes: { 'consumer.heartbeat.interval.ms': [500, 1_000] } },
  });
  assert.is(pinned.consumer['isolation.level'], 'read_uncommitted');
});

test.run();
