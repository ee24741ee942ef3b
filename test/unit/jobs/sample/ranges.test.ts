import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type Bounds, holdBackMs, planRanges, rateHistory } from '../../../../bench/jobs/sample/ranges.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('which offsets of a topic a sample reads');

const NOW_MS = Date.UTC(2026, 0, 5);

/** A topic by the ascending timestamps of each partition, whose logs begin at some offset. */
interface Topic {
  readonly low: number;
  readonly timesMs: readonly (readonly number[])[];
}

const topics: fc.Arbitrary<Topic> = fc.record({
  low: fc.nat({ max: 1000 }),
  timesMs: fc.array(
    fc
      .array(fc.integer({ min: NOW_MS - 5_000_000, max: NOW_MS - 1 }), { maxLength: 60 })
      .map((times) => times.sort((a, b) => a - b)),
    { minLength: 1, maxLength: 5 },
  ),
});

const boundsOf = ({ low, timesMs }: Topic): Bounds => ({
  low: timesMs.map(() => low),
  high: timesMs.map(({ length }) => low + length),
});

const lookup =
  ({ low, timesMs }: Topic) =>
  async (timeMs: number): Promise<number[]> =>
    timesMs.map((times) => {
      const at = times.findIndex((time) => time >= timeMs);
      return at < 0 ? -1 : low + at;
    });

const read = (
  topic: Topic,
  rounds: readonly (readonly { partition: number; from: number; to: number }[])[],
) =>
  rounds.flat().flatMap(({ partition, from, to }) =>
    Array.from({ length: to - from }, (_, i) => ({
      partition,
      offset: from + i,
      timeMs: topic.timesMs[partition]?.[from + i - topic.low] ?? Number.NaN,
    })),
  );

const total = (topic: Topic): number => topic.timesMs.reduce((sum, { length }) => sum + length, 0);

test('from the end: as many as were asked for, and none that is older than one left out, bulk loads aside', async () => {
  await fc.assert(
    fc.asyncProperty(topics, fc.integer({ min: 1, max: 400 }), async (topic, records) => {
      const asked = { mode: 'end' as const, fromMs: 0, records };
      const got = read(topic, await planRanges(asked, boundsOf(topic), lookup(topic), NOW_MS));
      assert.ok(got.length >= Math.min(records, total(topic)), `${got.length} of ${records}`);
      assert.ok(
        got.every(({ timeMs }) => !Number.isNaN(timeMs)),
        'an offset outside the log',
      );
      assert.is(new Set(got.map(({ partition, offset }) => `${partition}/${offset}`)).size, got.length);
      if (got.length > 2 * records || got.length === total(topic)) return;
      const oldest = Math.min(...got.map(({ timeMs }) => timeMs));
      const newer = topic.timesMs.flat().filter((time) => time > oldest).length;
      if (topic.timesMs.flat().filter((time) => time === oldest).length === 1) assert.ok(got.length >= newer);
    }),
    { numRuns: 150, seed: 18 },
  );
});

test('from a time: nothing before it', async () => {
  await fc.assert(
    fc.asyncProperty(
      topics,
      fc.integer({ min: 1, max: 100 }),
      fc.nat({ max: 5_000_000 }),
      async (topic, records, ago) => {
        const fromMs = NOW_MS - ago;
        const asked = { mode: 'from' as const, fromMs, records };
        const got = read(topic, await planRanges(asked, boundsOf(topic), lookup(topic), NOW_MS));
        const there = topic.timesMs.flat().filter((time) => time >= fromMs).length;
        assert.ok(got.every(({ timeMs }) => timeMs >= fromMs));
        assert.ok(got.length >= Math.min(records, there), `${got.length} of ${records}, ${there} there`);
      },
    ),
    { numRuns: 150, seed: 19 },
  );
});

test('evenly: each offset once, as many as were asked for or a few more, from all over each log', async () => {
  await fc.assert(
    fc.asyncProperty(topics, fc.integer({ min: 1, max: 100 }), async (topic, records) => {
      const asked = { mode: 'evenly' as const, fromMs: 0, records };
      const got = read(topic, await planRanges(asked, boundsOf(topic), lookup(topic), NOW_MS));
      const wanted = Math.min(records, total(topic));
      assert.is(new Set(got.map(({ partition, offset }) => `${partition}/${offset}`)).size, got.length);
      assert.ok(
        got.every(({ timeMs }) => !Number.isNaN(timeMs)),
        'an offset outside the log',
      );
      // A run can be no longer than the gap to the next one.
      assert.ok(got.length <= wanted + topic.timesMs.length, `${got.length} of ${wanted}`);
      assert.ok(got.length >= wanted - 16 * topic.timesMs.length, `${got.length} of ${wanted}`);
    }),
    { numRuns: 150, seed: 20 },
  );
  const long = { low: 0, timesMs: [Array.from({ length: 16_000 }, (_, i) => NOW_MS - 16_000 + i)] };
  const rounds = await planRanges(
    { mode: 'evenly', fromMs: 0, records: 160 },
    boundsOf(long),
    lookup(long),
    NOW_MS,
  );
  assert.equal(
    rounds.map(([range]) => [range?.from, range?.to]),
    Array.from({ length: 16 }, (_, run) => [run * 1000, run * 1000 + 10]),
  );
});

test('many records of one millisecond are cut by partition, in proportion', async () => {
  const bulk = {
    low: 0,
    timesMs: [new Array<number>(3_000).fill(NOW_MS - 5), new Array<number>(1_000).fill(NOW_MS - 5)],
  };
  const [ranges] = await planRanges(
    { mode: 'end', fromMs: 0, records: 100 },
    boundsOf(bulk),
    lookup(bulk),
    NOW_MS,
  );
  assert.equal(ranges, [
    { partition: 0, from: 2925, to: 3000 },
    { partition: 1, from: 975, to: 1000 },
  ]);
});

test('the rate over the retention holds every record once, in equal intervals that end where the records do', async () => {
  const times = Array.from({ length: 4_800 }, (_, i) => NOW_MS - 1_000_000 + i * 100);
  const topic = { low: 7, timesMs: [times.filter((_, i) => i % 3 > 0), times.filter((_, i) => i % 3 === 0)] };
  const history = await rateHistory(boundsOf(topic), lookup(topic), NOW_MS);
  assert.is(history.length, 49);
  assert.is(
    history.reduce((sum, { records }) => sum + records, 0),
    4_800,
  );
  const inner = history.slice(1, -2).map(({ records }) => records);
  assert.ok(
    inner.every((records) => Math.abs(records - 100) <= 5),
    String(inner),
  );
  const yearAgo = {
    low: 0,
    timesMs: [Array.from({ length: 4_800 }, (_, i) => NOW_MS - 365 * 86_400_000 + i)],
  };
  const old = await rateHistory(boundsOf(yearAgo), lookup(yearAgo), NOW_MS);
  assert.ok(
    Math.abs((old.at(-1)?.fromMs ?? 0) - (old[0]?.fromMs ?? 0) - 4_800) <= 4,
    'seconds a year ago are seconds',
  );
  const same = { low: 0, timesMs: [new Array<number>(10).fill(NOW_MS - 1)] };
  assert.equal(await rateHistory(boundsOf(same), lookup(same), NOW_MS), []);
});

test('reading is held back to the rate, in records or in bytes', () => {
  assert.is(holdBackMs({ kind: 'bytes', perSec: 1_000 }, 5, 500, 100), 400);
  assert.is(holdBackMs({ kind: 'records', perSec: 10 }, 5, 500, 100), 400);
  assert.is(holdBackMs({ kind: 'records', perSec: 10 }, 5, 500, 900), 0);
});

test.run();
