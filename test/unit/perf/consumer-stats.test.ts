import * as assert from 'uvu/assert';
import { ConsumerStats, consumerHeader } from '../../../bench/perf/consumer-stats.ts';
import { dateFormat } from '../../../bench/perf/date-format.ts';
import { suite } from '../../support/suite.ts';

const START_MS = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
const format = dateFormat('yyyy-MM-dd HH:mm:ss:SSS');

function stats(detailed: boolean) {
  const lines: string[] = [];
  const one = new ConsumerStats({
    startMs: START_MS,
    intervalMs: 1_000,
    detailed,
    time: format,
    print: (line) => lines.push(line),
  });
  return { one, lines };
}

const test = suite('perf/consumer-stats');

test('the headers are the tool’s', () => {
  const rest =
    'data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec';
  assert.is(consumerHeader(false), `start.time, end.time, ${rest}`);
  assert.is(consumerHeader(true), `time, threadId, ${rest}`);
});

test('the line at the end keeps joining apart from fetching', () => {
  const { one, lines } = stats(false);
  one.assigned(START_MS + 2_000);
  for (let i = 0; i < 100; i++) one.record(2 ** 20, START_MS + 2_100);
  one.printTotal(START_MS + 4_000);
  assert.equal(lines, [
    '2026-01-02 03:04:05:006, 2026-01-02 03:04:09:006, 100.0000, 25.0000, 100, 25.0000, 2000, 2000, 50.0000, 50.0000',
  ]);
});

test('a rebalance in between counts as joining', () => {
  const { one, lines } = stats(false);
  one.assigned(START_MS + 100);
  one.revoked(START_MS + 500);
  one.assigned(START_MS + 800);
  one.record(0, START_MS + 900);
  one.printTotal(START_MS + 1_000);
  assert.match(lines[0] ?? '', ', 400, 600, ');
});

test('detailed: a line an interval, of the interval and of the whole, and none at the end', () => {
  const { one, lines } = stats(true);
  one.assigned(START_MS + 500);
  one.record(2 ** 20, START_MS + 600);
  one.record(2 ** 20, START_MS + 1_000);
  one.record(2 ** 20, START_MS + 1_500);
  one.record(2 ** 20, START_MS + 2_000);
  one.printTotal(START_MS + 2_000);
  assert.equal(lines, [
    '2026-01-02 03:04:06:006, 0, 2.0000, 2.0000, 2, 2.0000, 500, 500, 4.0000, 4.0000',
    '2026-01-02 03:04:07:006, 0, 4.0000, 2.0000, 4, 2.0000, 0, 1000, 2.0000, 2.0000',
  ]);
});

test('dates: letters of SimpleDateFormat, quotes, and a refusal of what is not understood', () => {
  const at = (pattern: string): string => dateFormat(pattern)(START_MS);
  assert.is(at("yy/M/d 'at' HH''mm"), "26/1/2 at 03'04");
  assert.match(at('HH:mm:ss Z'), /^03:04:05 [+-]\d{4}$/);
  assert.throws(
    () => dateFormat('yyyy G'),
    (error: Error) => /"G" is not understood here/.test(error.message),
  );
  assert.throws(
    () => dateFormat('MMM'),
    (error: Error) => /"MMM"/.test(error.message),
  );
});

test.run();
