import * as assert from 'uvu/assert';
import { StatisticsListener } from '../../../bench/client/statistics.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a client’s statistics');

const gathered = (tsUs: number, sent: number): string =>
  JSON.stringify({ name: 'rdkafka#producer-1', ts: tsUs, tx_bytes: sent, rx_bytes: 0, msg_cnt: 0 });

test('what was gathered before it was asked for is passed over, however late it comes', async () => {
  let nowUs = 1_000_000;
  const statistics = new StatisticsListener(() => nowUs);
  // librdkafka's clock is 400 ms behind.
  statistics.take(gathered(600_000, 1));
  nowUs = 5_000_000;
  const asked = statistics.next(60_000);
  statistics.take(gathered(850_000, 2));
  statistics.take(gathered(1_100_000, 3));
  statistics.take(gathered(4_700_000, 4));
  assert.is((await asked)?.sent, 4);
});

test('after the limit the newest there are will do, and null where none came', async () => {
  let nowUs = 1_000_000;
  const statistics = new StatisticsListener(() => nowUs);
  assert.is(await statistics.next(1), null);
  statistics.take(gathered(1_000_000, 1));
  nowUs = 9_000_000;
  const asked = statistics.next(1);
  statistics.take(gathered(2_000_000, 2));
  assert.is((await asked)?.sent, 2);
});

test('statistics without a time pass for new, and break no later ones', async () => {
  let nowUs = 1_000_000;
  const statistics = new StatisticsListener(() => nowUs);
  statistics.take(gathered(1_000_000, 1));
  const asked = statistics.next(60_000);
  statistics.take(JSON.stringify({ tx_bytes: 7, rx_bytes: 0, msg_cnt: 0 }));
  assert.is((await asked)?.sent, 7);
  nowUs = 3_000_000;
  const later = statistics.next(60_000);
  statistics.take(gathered(2_000_000, 8));
  statistics.take(gathered(3_000_000, 9));
  assert.is((await later)?.sent, 9);
});

test.run();
