import * as assert from 'uvu/assert';
import { judge, type ValidityFacts } from '../../../../bench/run/judge/validity.ts';
import { suite } from '../../../support/suite.ts';
import { validityFacts as facts } from '../../../support/validity-facts.ts';

const test = suite('validity');

const { counts, rate, generator } = facts;

const codes = (changes: Partial<ValidityFacts>): { reasons: string[]; notes: string[] } => {
  const verdict = judge({ ...facts, ...changes });
  return {
    reasons: verdict.reasons.map(({ code }) => code),
    notes: verdict.notes.map(({ code }) => code),
  };
};

test('nothing amiss is valid', () => {
  assert.equal(codes({}), { reasons: [], notes: [] });
});

test('each thing amiss is a reason of its own', () => {
  const cases: [string, Partial<ValidityFacts>][] = [
    ['lost', { counts: { ...counts, lost: 1 } }],
    ['duplicated', { counts: { ...counts, duplicated: 1 } }],
    ['out-of-order', { counts: { ...counts, outOfOrder: 1 } }],
    ['failed-records', { counts: { ...counts, failed: 1 } }],
    ['aborted-transactions', { counts: { ...counts, abortedTransactions: 1 } }],
    ['not-sustained', { rate: { ...rate, achievedOverOffered: 0.98 } }],
    ['nothing-due', { rate: { ...rate, offeredPerSec: 0, achievedOverOffered: null } }],
    ['refused-record', { refused: ['too large'] }],
    ['not-steady', { steady: false }],
    ['lag-growing', { lagGrowing: true }],
    ['drain-incomplete', { drainMissing: ['group g'] }],
    ['generator-limit', { generator: { ...generator, eventLoopDelayP99Us: 200_000 } }],
  ];
  for (const [code, changes] of cases) assert.equal(codes(changes), { reasons: [code], notes: [] }, code);
});

test('a steady state that nobody could tell is no reason', () => {
  assert.equal(codes({ steady: null }), { reasons: [], notes: [] });
});

test('loss that was not checked is no reason', () => {
  assert.equal(codes({ counts: { ...counts, lost: null, duplicated: null } }), { reasons: [], notes: [] });
});

test('what a disruption is there to show is a note, loss is not', () => {
  const changed = { ...counts, duplicated: 1, outOfOrder: 1, lost: 1 };
  const found = codes({ counts: changed, disrupted: true, steady: false, lagGrowing: true });
  assert.equal(found, { reasons: ['lost'], notes: ['duplicated', 'out-of-order'] });
});

test('at maximum rate a busy client is a note; at a fixed rate it is the limit only where it falls short', () => {
  const busy = { generator: { ...generator, cpuMaxPercent: 99 } };
  const max = { ...rate, kind: 'max' as const, offeredPerSec: null, achievedOverOffered: null };
  assert.equal(codes({ ...busy, rate: max }), { reasons: [], notes: ['generator-limit'] });
  assert.equal(codes(busy), { reasons: [], notes: [] });
  const short = { ...rate, achievedOverOffered: 0.9 };
  assert.equal(codes({ ...busy, rate: short }).reasons, ['generator-limit', 'not-sustained']);
});

test('a zero that nobody measured is never valid', () => {
  const none = { ...rate, receivedPerSec: 0, receivedBytesPerSec: 0 };
  assert.equal(codes({ rate: none }).reasons, ['nothing-read']);
  assert.equal(codes({ rate: none, consumers: 0 }).reasons, []);
  for (const kind of ['consume', 'max', 'steps'] as const) {
    const consumes = { ...none, kind, offeredPerSec: null, achievedOverOffered: null };
    assert.ok(
      codes({ rate: consumes, producers: kind === 'consume' ? 0 : 1 }).reasons.includes('nothing-read'),
      kind,
    );
  }
  const unsent = {
    ...rate,
    kind: 'max' as const,
    offeredPerSec: null,
    achievedPerSec: 0,
    achievedOverOffered: null,
  };
  assert.equal(codes({ rate: unsent }).reasons, ['nothing-acknowledged']);
  assert.equal(codes({ rate: { ...unsent, kind: 'fixed', offeredPerSec: 5 }, disrupted: true }).reasons, [
    'nothing-acknowledged',
  ]);
});

test('what was received and not recognised has a verdict of its own, and never is loss', () => {
  assert.equal(codes({ counts: { ...counts, foreign: 3_000, lost: null } }).reasons, ['not-recognised']);
  assert.equal(codes({ counts: { ...counts, foreign: 7 } }).reasons, ['not-recognised']);
  const message =
    judge({ ...facts, counts: { ...counts, foreign: 3_000, lost: null } }).reasons[0]?.message ?? '';
  assert.match(message, '3000 records were received and not recognised');
  assert.match(message, 'whether any record was lost is not known');
  const shared = codes({ counts: { ...counts, foreign: 7 }, sharedTopic: true });
  assert.equal(shared, { reasons: [], notes: ['not-recognised'] });
  assert.equal(codes({ counts: { ...counts, foreign: 7, lost: null }, sharedTopic: true }).reasons, [
    'not-recognised',
  ]);
});

test('a consumer that its group put out is told, with what has to be changed', () => {
  assert.equal(codes({ pollExceeded: ['consumer-0-0 did not poll'] }).reasons, ['poll-interval-exceeded']);
});

test.run();
