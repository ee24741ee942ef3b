import * as assert from 'uvu/assert';
import type { Consumed } from '../../../bench/perf/consume.ts';
import { type ConsumerFacts, judgeConsumer } from '../../../bench/perf/consumer-verdict.ts';
import { metricsLines } from '../../../bench/perf/metrics-lines.ts';
import type { Produced } from '../../../bench/perf/produce.ts';
import { judgeProducer, type ProducerFacts } from '../../../bench/perf/producer-verdict.ts';
import { verdictLines } from '../../../bench/perf/verdict.ts';
import { suite } from '../../support/suite.ts';

const PRODUCED: Produced = {
  sent: 1000,
  acked: 1000,
  failed: 0,
  unsettled: 0,
  errorsByCode: {},
  committed: 0,
  aborted: 0,
  abortedRecords: 0,
  sendingMs: 999,
  elapsedMs: 1_005,
  ackedBytes: 100_000,
  queueFullMs: 0,
  cpuPercent: 10,
  latencyUs: { 'due-to-ack': null, 'sent-to-ack': null, 'due-to-sent': null },
  traffic: null,
  interrupted: false,
};

const producer = (produced: Partial<Produced> = {}, facts: Partial<ProducerFacts> = {}) =>
  judgeProducer({
    numRecords: 1000,
    perSec: 1000,
    acksZero: false,
    transactional: false,
    produced: { ...PRODUCED, ...produced },
    grown: 1000,
    autoCreated: null,
    ...facts,
  });

const CONSUMED: Consumed = {
  endMs: 0,
  timedOut: false,
  interrupted: false,
  assigned: true,
  rebalances: 0,
  skippedOffsets: 0,
  duplicated: 0,
  errorsByCode: {},
  ageUs: null,
  elapsedMs: 1000,
  cpuPercent: 1,
  traffic: null,
};
const consumer = (consumed: Partial<Consumed> = {}, facts: Partial<ConsumerFacts> = {}) =>
  judgeConsumer({
    numRecords: 10,
    records: 10,
    bytes: 100,
    timeoutMs: 10_000,
    consumed: { ...CONSUMED, ...consumed },
    fromLatest: false,
    ...facts,
  });

const test = suite('perf/verdicts');

test('all sent in time, acknowledged and in the topic: valid', () => {
  const verdict = producer();
  assert.equal([verdict.valid, verdict.reasons], [true, []]);
  assert.is(verdict.lines[0], 'acknowledged 1000 of 1000 records, 0 failed, 0 lost');
  assert.is(verdictLines(verdict).filter((line) => line.includes('from the call of send')).length, 1);
});

test('each thing that went wrong makes it invalid, and is named', () => {
  const invalid = (verdict: ReturnType<typeof producer>, why: RegExp): void => {
    assert.is(verdict.valid, false);
    assert.match(verdictLines(verdict).join('\n'), why);
  };
  invalid(
    producer({ acked: 990, failed: 10, errorsByCode: { ERR_X: 10 } }),
    /invalid: 10 records failed \(ERR_X 10\)/,
  );
  invalid(producer({ acked: 998, unsettled: 2 }), /2 records were never reported on/);
  invalid(producer({}, { grown: 997 }), /3 acknowledged records are not in the topic/);
  invalid(producer({ aborted: 1, abortedRecords: 20 }), /1 transactions were aborted, with 20 records/);
  invalid(producer({ interrupted: true, sent: 400 }), /interrupted after 400 of 1000/);
  invalid(producer({ sendingMs: 2000, queueFullMs: 900 }), /sent 1001 ms late.*queue was full for 900 ms/);
});

test('a little late is in time: 1 % of the whole, or 100 ms', () => {
  assert.ok(producer({ sendingMs: 1_090 }).valid);
  assert.not.ok(producer({ sendingMs: 1_110 }).valid);
  const long = { numRecords: 1_000_001, grown: 1_000_001 };
  const sent = { sent: 1_000_001, acked: 1_000_001 };
  assert.ok(producer({ ...sent, sendingMs: 1_009_000 }, long).valid);
  assert.not.ok(producer({ ...sent, sendingMs: 1_011_000 }, long).valid);
  assert.ok(producer({ sendingMs: 1e9 }, { perSec: null }).valid, 'nothing is late without a rate');
});

test('where the tool’s figures mislead is said: no due time, acks=0, a topic made by asking', () => {
  const { notes } = producer(
    {},
    { perSec: null, acksZero: true, autoCreated: { partitions: 1, replicationFactor: 3 }, grown: null },
  );
  const text = notes.join('\n');
  for (const said of [
    'no record has a due time',
    'acks=0',
    'with 1 partitions and 3 replicas',
    'loss was not checked',
  ])
    assert.match(text, said);
});

test('a topic that grew by more has other writers or records sent twice; markers are neither', () => {
  assert.match(producer({}, { grown: 1100 }).notes.join('\n'), 'grew by 100 records more');
  assert.not.match(producer({}, { grown: 1100, transactional: true }).notes.join('\n'), 'grew by');
});

test('a consumer that got all of them once is valid; fewer, or some twice, are not', () => {
  assert.ok(consumer().valid);
  assert.match(consumer({}, { records: 7 }).reasons.join(), '7 of 10 records: none came for 10000 ms');
  assert.match(
    consumer({ assigned: false }, { records: 0 }).reasons.join(),
    'no partition was ever assigned',
  );
  assert.match(consumer({ duplicated: 2 }).reasons.join(), '2 records came twice');
  assert.match(consumer({ skippedOffsets: 5 }).notes.join('\n'), '5 offsets hold no record');
  assert.ok(consumer({ skippedOffsets: 5 }).valid);
});

test('metrics are printed as Kafka’s tools print them', () => {
  assert.equal(metricsLines({ 'b:total': 2, a: 1.5 }), [
    '',
    'Metric Name'.padEnd(7).concat('   Value'),
    'a       : 1.500',
    'b:total : 2.000',
  ]);
});

test.run();
