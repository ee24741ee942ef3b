import * as assert from 'uvu/assert';
import type { ProducerDone } from '../../../../bench/load/protocol.ts';
import { SequenceSet } from '../../../../bench/load/seen.ts';
import { countLoss } from '../../../../bench/run/judge/loss.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('loss and duplicates');

const producer = (sent: number, failed: number[] = []): ProducerDone => ({
  role: 'producer',
  due: sent,
  sent,
  acked: sent - failed.length,
  ackedBytes: 0,
  failed: failed.length,
  queueFull: 0,
  errorsByCode: {},
  refused: null,
  failedSequences: Float64Array.from(failed),
  committedTransactions: 0,
  abortedTransactions: 0,
  wireBytes: null,
  produceRequests: null,
  finishedUs: 0,
  inFlight: 0,
});

const member = (byProducer: number[][], extra = 0, foreign = 0) => ({
  seen: byProducer.map((sequences, index) => {
    const set = new SequenceSet();
    for (const sequence of sequences) set.add(sequence);
    return { producer: index, bits: set.bits };
  }),
  received: byProducer.flat().length + extra + foreign,
  foreign,
});

test('what a share group delivers again is no duplicate, and makes up for no loss', () => {
  const producers = new Map([[0, producer(6)]]);
  const tally = { redelivered: 2, released: 2, rejected: 0, exhausted: 0, expired: 0 };
  const [first, second] = [member([[0, 1, 2]]), { ...member([[3, 4]], 2), share: tally }];
  assert.equal(countLoss(producers, [first, second]), { lost: 1, duplicated: 0 });
  assert.equal(countLoss(producers, [first, { ...second, received: second.received + 1 }]), {
    lost: 1,
    duplicated: 1,
  });
});

test('nothing is lost where two members share the records between them', () => {
  const producers = new Map([[0, producer(6)]]);
  assert.equal(countLoss(producers, [member([[0, 2, 4]]), member([[1, 3, 5]])]), { lost: 0, duplicated: 0 });
});

test('a sequence that nobody saw is lost; one that two saw is a duplicate', () => {
  const producers = new Map([[0, producer(4)]]);
  assert.equal(countLoss(producers, [member([[0, 1]]), member([[1, 2]])]), { lost: 1, duplicated: 1 });
});

test('a record reported as failed is not missed, and seeing it after all makes up for no other', () => {
  assert.equal(countLoss(new Map([[0, producer(3, [1])]]), [member([[0, 2]])]), { lost: 0, duplicated: 0 });
  assert.equal(countLoss(new Map([[0, producer(3, [1])]]), [member([[0, 1]])]), { lost: 1, duplicated: 0 });
});

test('producers are told apart, and foreign records are nobody’s', () => {
  const producers = new Map([
    [0, producer(2)],
    [1, producer(2)],
  ]);
  assert.equal(countLoss(producers, [member([[0, 1], [0]], 0, 5)]), { lost: 1, duplicated: 0 });
});

test('records of a producer without a report are no duplicates', () => {
  const producers = new Map([[1, producer(2)]]);
  assert.equal(
    countLoss(producers, [
      member([
        [0, 1, 2],
        [0, 1],
      ]),
    ]),
    { lost: 0, duplicated: 0 },
  );
});

test.run();
