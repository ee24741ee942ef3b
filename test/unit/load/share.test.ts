import * as assert from 'uvu/assert';
import { ACKNOWLEDGE, type ShareRows } from '../../../bench/client/driver.ts';
import { createShareMember, type ShareTerms } from '../../../bench/load/share.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a member of a share group');

const ROWS = 1024;

/** Rows that came at time 0, each delivered as often as told. */
function rowsOf(deliveries: (row: number) => number = () => 1): ShareRows {
  return {
    partition: new Int32Array(ROWS),
    offset: new Float64Array(ROWS),
    sizeBytes: new Int32Array(ROWS),
    timestampMs: new Float64Array(ROWS),
    atUs: new Float64Array(ROWS),
    stamp: new Uint8Array(ROWS * 24),
    stamped: new Uint8Array(ROWS),
    deliveries: Int32Array.from({ length: ROWS }, (_, row) => deliveries(row)),
    verdict: new Uint8Array(ROWS).fill(ACKNOWLEDGE.accept),
  };
}

const terms = (changes: Partial<ShareTerms> = {}): ShareTerms => ({
  release: 0,
  reject: 0,
  deliveryLimit: 5,
  lockMs: 30_000,
  seed: 7,
  ...changes,
});

function handled(changes: Partial<ShareTerms>, rows: ShareRows, nowUs = 1_000) {
  const member = createShareMember(terms(changes), rows, ROWS - 1);
  for (let row = 0; row < ROWS; row++) member.taken(row);
  member.released(0, ROWS, nowUs);
  return member;
}

test('accepts all, and settles each once', () => {
  const rows = rowsOf();
  const member = handled({}, rows);
  assert.is(member.settled, ROWS);
  assert.equal(member.tally, { released: 0, rejected: 0, exhausted: 0, expired: 0 });
  assert.ok(rows.verdict.every((verdict) => verdict === ACKNOWLEDGE.accept));
  assert.is(member.takeSettled(), ROWS);
  assert.is(member.takeSettled(), 0);
});

test('every delivery is settled, given back, or too late, whatever the shares', () => {
  for (const [release, reject] of [
    [0.1, 0],
    [0, 0.3],
    [0.5, 0.5],
    [1, 0],
  ] as const) {
    const rows = rowsOf((row) => 1 + (row % 5));
    const { tally, settled } = handled({ release, reject }, rows);
    assert.is(settled, ROWS - tally.released + tally.exhausted);
    const count = (verdict: number) => rows.verdict.filter((one) => one === verdict).length;
    assert.is(tally.released, count(ACKNOWLEDGE.release));
    assert.is(tally.rejected, count(ACKNOWLEDGE.reject));
    assert.ok(Math.abs(tally.released / ROWS - release) < 0.06, `${tally.released} released`);
    assert.ok(Math.abs(tally.rejected / ROWS - reject) < 0.06, `${tally.rejected} rejected`);
  }
});

test('what is given back at its last delivery is given up', () => {
  const { tally, settled } = handled(
    { release: 1, deliveryLimit: 2 },
    rowsOf((row) => 1 + (row % 2)),
  );
  assert.equal([tally.released, tally.exhausted, settled], [ROWS, ROWS / 2, ROWS / 2]);
});

test('what was handled for longer than the lock is another member’s', () => {
  const { tally, settled } = handled({ lockMs: 10 }, rowsOf(), 10_001);
  assert.equal([tally.expired, settled], [ROWS, 0]);
  assert.is(handled({ lockMs: 10 }, rowsOf(), 10_000).settled, ROWS);
});

test('the seed decides, and nothing else', () => {
  const verdicts = (seed: number): string => {
    const rows = rowsOf();
    handled({ release: 0.3, seed }, rows);
    return rows.verdict.join('');
  };
  assert.is(verdicts(7), verdicts(7));
  assert.is.not(verdicts(7), verdicts(8));
});

test.run();
