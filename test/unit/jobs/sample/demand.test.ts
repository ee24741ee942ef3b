import * as assert from 'uvu/assert';
import type { Sample, SampleRecord } from '../../../../bench/corpus/sample/sample-file.ts';
import { demandOf } from '../../../../bench/jobs/sample/demand.ts';
import { sampleRequest } from '../../../../bench/jobs/sample/request.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('from a sample to a demand, and what a sample may be asked for');

const records = Array.from(
  { length: 11 },
  (_, i): SampleRecord => ({
    timestampMs: i * 100,
    partition: 0,
    key: Buffer.from(i < 5 ? 'hot' : `k-${i}`),
    value: Buffer.alloc(97),
    headers: [],
  }),
);

const sampleOf = (history: Sample['info']['history'], kept = records): Sample => ({
  info: {
    schemaVersion: 1,
    topic: 'orders',
    partitions: 1,
    taken: 'end',
    takenAt: '2026-01-05',
    anonymized: false,
    topicRecords: 4_000,
    history,
    records: kept.length,
    bodyBytes: 1,
    sha256: '',
  },
  records: kept,
});

test('rates are those of what the topic retains, in bytes of key, value and headers', () => {
  const history = [
    { fromMs: 0, records: 1_000 },
    { fromMs: 10_000, records: 3_000 },
    { fromMs: 20_000, records: 0 },
  ];
  const { answers, source } = demandOf(sampleOf(history), 'orders');
  assert.equal(answers, {
    average: '20000B/s',
    peak: '30000B/s',
    recordSize: 100,
    keyed: true,
    hottestKeyShare: 0.455,
  });
  assert.match(source, /11 records of orders.+over 0\.00556 h that the topic retains/);
});

test('without a history the sample’s own stretch counts, and without that nothing is made up', () => {
  assert.is(demandOf(sampleOf([]), 'orders').answers['average'], '1000B/s');
  const [one] = records;
  assert.throws(
    () => demandOf(sampleOf([], one === undefined ? [] : [one]), 'topic orders'),
    /topic orders tells no rate/,
  );
});

const flags = { topic: 'orders', records: '500', output: 'o.sample', maxRate: '5MB/s' };
const NOW_MS = Date.UTC(2026, 0, 5);

test('options become a request', () => {
  const request = sampleRequest({ ...flags, from: '2h', anonymize: true, seed: '7' }, NOW_MS);
  assert.equal(request.asked, { mode: 'from', fromMs: NOW_MS - 7_200_000, records: 500 });
  assert.equal(request.maxRate, { kind: 'bytes', perSec: 5e6 });
  assert.equal(request.anonymize, { seed: 7 });
  assert.is(
    sampleRequest({ ...flags, from: '2026-01-04T00:00:00Z' }, NOW_MS).asked.fromMs,
    NOW_MS - 86_400_000,
  );
  assert.is(sampleRequest({ ...flags, anonymize: true }, NOW_MS).anonymize, 'random');
});

for (const [changed, expected] of [
  [{ records: '0' }, /--records 0: expected a whole number from 1/],
  [{ records: '1e3' }, /--records 1e3/],
  [{ maxRate: 'fast' }, /--max-rate fast: expected bytes or records/],
  [{ from: 'yesterday' }, /--from yesterday: expected a time/],
  [{ from: '2027-01-01' }, /lies in the future/],
  [{ from: '2h', evenly: true }, /--from and --evenly/],
  [{ seed: '1' }, /--seed goes with --anonymize/],
  [{ anonymize: true, seed: '-1' }, /--seed -1: expected a whole number/],
] as const) {
  test(`refuses ${JSON.stringify(changed)}`, () => {
    assert.throws(() => sampleRequest({ ...flags, ...changed }, NOW_MS), expected);
  });
}

test('a topic and a file have to be named', () => {
  const { topic: _topic, ...noTopic } = flags;
  const { output: _output, ...noOutput } = flags;
  assert.throws(() => sampleRequest(noTopic, NOW_MS), /--topic is missing/);
  assert.throws(() => sampleRequest(noOutput, NOW_MS), /-o is missing/);
});

test.run();
