import * as assert from 'uvu/assert';
import { BrokerCounter } from '../../../bench/client/broker-counter.ts';
import { suite } from '../../support/suite.ts';

const test = suite('brokers as a client’s statistics tell of them');

/** As librdkafka writes it: brokers first, then topics, of which nothing is read. */
const statistics = (brokers: object): string =>
  `{ "name": "rdkafka#producer-1", "ts":1, "brokers":${JSON.stringify(brokers)}, "topics":{ "topics": { torn `;
const broker = (nodeid: number, txbytes: number, rtt: object, throttle: object) => ({
  nodeid,
  txbytes,
  rtt: { min: 1, avg: 2, ...rtt },
  throttle,
  toppars: { 'topics-0': { topic: 'topics', partition: 0 } },
});

test('windows add up, bytes are what came since, and longest stays longest', () => {
  const counter = new BrokerCounter();
  counter.add(statistics({ 'a:9092/1': broker(1, 500, { cnt: 2, sum: 3_000, max: 2_000 }, { sum: 0 }) }));
  counter.add(statistics({ 'a:9092/1': broker(1, 800, { cnt: 1, sum: 900, max: 900 }, { sum: 40 }) }));
  assert.equal(counter.take(), {
    'a:9092/1': { requests: 3, roundTripUs: 3_900, roundTripMaxUs: 2_000, throttleMs: 40, sentBytes: 800 },
  });
  assert.equal(counter.take(), {});
  counter.add(statistics({ 'a:9092/1': broker(1, 900, { cnt: 0, sum: 0, max: 0 }, { sum: 0 }) }));
  assert.is(counter.take()['a:9092/1']?.sentBytes, 100);
});

test('bootstrap addresses are no brokers, and what cannot be read tells nothing', () => {
  const counter = new BrokerCounter();
  counter.add(statistics({ 'a:9092/bootstrap': broker(-1, 5, { cnt: 1, sum: 1, max: 1 }, { sum: 0 }) }));
  for (const text of ['', '{', '{}', '{"brokers":{"a:1/1":{"nodeid":1']) counter.add(text);
  assert.equal(counter.take(), {});
  counter.add('{"brokers":{"a:1/1":{"nodeid":1}}}');
  assert.is(counter.take()['a:1/1']?.requests, 0);
});

test.run();
