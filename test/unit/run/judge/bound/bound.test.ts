import * as assert from 'uvu/assert';
import { boundBy } from '../../../../../bench/run/judge/bound/bound.ts';
import type { BoundFacts } from '../../../../../bench/run/judge/bound/facts.ts';
import {
  answering,
  brokersWith,
  calmFacts as calm,
  hostOf,
  seenAs,
} from '../../../../support/bound-facts.ts';
import { suite } from '../../../../support/suite.ts';

const test = suite('what bound a repeat');

const bindingOf = (changes: Partial<BoundFacts>) =>
  boundBy({ ...calm, ...changes }).find(({ binds }) => binds);
const named = (changes: Partial<BoundFacts>): string | null => bindingOf(changes)?.resource ?? null;

test('nothing is named where nothing was near its limit', () => {
  assert.is(named({}), null);
});

test('each cause is named first, and by its own name', () => {
  const cases: [RegExp, Partial<BoundFacts>][] = [
    [/request handlers of broker kafka-1/, { brokers: brokersWith({ requestHandlerIdle: 0.02 }) }],
    [/network threads of broker kafka-1/, { brokers: brokersWith({ networkProcessorIdle: 0.03 }) }],
    [/disk of broker kafka-1/, { brokers: brokersWith({ diskBusy: 0.97 }) }],
    [/heap of broker kafka-1/, { brokers: brokersWith({ gcMsPerSec: 300 }) }],
    [/^processors of broker kafka-1/, { brokers: brokersWith({ cpuPerSec: 3.9 }) }],
    [
      /^processors of broker kafka-1/,
      { brokers: brokersWith({ processors: null, hostProcessors: 8, hostIdlePerSec: 0.2 }) },
    ],
    [/network of broker kafka-1/, { brokers: brokersWith({ bytesOutPerSec: 96e6 }) }],
    [
      /one broker's leaders \(kafka-1/,
      { brokers: brokersWith({ bytesInPerSec: 30e6 }, { bytesInPerSec: 0.2e6 }) },
    ],
    [/stolen time of load host load-1/, { hosts: [hostOf({ stolenPercent: 11 })] }],
    [/network allowance of load host load-1/, { hosts: [hostOf({ refusedPackets: 500 })] }],
    [/CPU limit of load host load-1/, { hosts: [hostOf({ throttledPercent: 25, cpuLimit: 1 })] }],
    [/one generator/, { generator: { ...calm.generator, cpuMaxPercent: 99 } }],
    [/client queue/, { generator: { ...calm.generator, queueFullMs: 19_500 } }],
    [/consumer handlers/, { toHandlePerSec: 1_980, lagGrowing: true }],
    [/quota/, { brokers: brokersWith({ produceThrottleP99Ms: 400 }), brokersAsSeen: {} }],
  ];
  for (const [resource, changes] of cases) assert.match(named(changes) ?? 'nothing', resource);
});

test('without any metrics, the protocol tells of a slow broker, a quota, uneven leaders and full batches', () => {
  const brokers: BoundFacts['brokers'] = new Map();
  const slow = bindingOf({ brokers, brokersAsSeen: seenAs(answering(150, 500), answering(5)) });
  assert.is(slow?.resource, 'answers of broker kafka-1:9092/1');
  assert.is(slow?.evidence, 'a request took 150.0 ms there, and 5.0 ms at the others');
  // 2 producers × 10 s: of one connection's time 60 %.
  const held = seenAs(answering(8, 2_000, { throttleMs: 12_000 }));
  assert.is(
    bindingOf({ brokers, brokersAsSeen: held })?.evidence,
    'broker kafka-1:9092/1 told the producers to wait 60 % of the time',
  );
  assert.match(
    named({ brokers, brokersAsSeen: seenAs(answering(2, 2_000), answering(2, 20)) }) ?? '',
    /one broker's leaders \(kafka-1/,
  );
  // 10 s × 2 producers × 5 in flight ÷ 2 ms = 50,000 answers of each broker.
  const full = answering(2, 49_000, { sentBytes: 49_000 * 16_000 });
  const batches = bindingOf({ brokers, brokersAsSeen: seenAs(full, full) });
  assert.is(batches?.resource, 'batch.size × requests in flight');
  assert.match(
    batches?.evidence ?? '',
    /98 % of the 5 requests .* of 16\.0 kB each \(batch\.size 16384\), for 2\.0 ms/,
  );
});

test('an answer that was long on the way, and short in the broker, was held up by the network', () => {
  const late = {
    ...calm,
    brokersAsSeen: seenAs(answering(80)),
    brokers: brokersWith({ produceTotalP99Ms: 4 }),
  };
  assert.is(named(late), 'network between the producers and broker kafka-1:9092/1');
  const all = { brokersAsSeen: seenAs(answering(80), answering(90)) };
  assert.is(named(all), 'network between the producers and the brokers');
  // Brokers of one host cannot be told apart by their pages.
  const oneHost = new Map(
    [...brokersWith({}).values()].map((figures, i) => [`kafka-1:${7071 + i}`, figures] as const),
  );
  assert.is(named({ ...late, brokers: oneHost }), 'answers of broker kafka-1:9092/1');
});

test('a few answers, or a few ms, make no broker slow', () => {
  const brokers: BoundFacts['brokers'] = new Map();
  assert.is(named({ brokers, brokersAsSeen: seenAs(answering(500, 10)) }), null);
  assert.is(named({ brokers, brokersAsSeen: seenAs(answering(9), answering(0.5)) }), null);
});

test('what only follows from a resource at its limit is not named in its place', () => {
  const generator = { ...calm.generator, queueFullMs: 20_000 };
  const brokersAsSeen = seenAs(answering(100, 1_000));
  const brokers = brokersWith({ diskBusy: 0.9, produceTotalP99Ms: 120 });
  assert.match(named({ generator, brokersAsSeen, brokers }) ?? '', /^disk of broker kafka-1/);
  assert.is(boundBy({ ...calm, generator, brokersAsSeen, brokers })[0]?.binds, true);
  assert.match(named({ generator, brokersAsSeen, brokers: new Map() }) ?? '', /^answers of broker/);
});

test('two resources that are as near as each other cannot be told apart, and none is named', () => {
  assert.is(named({ brokers: brokersWith({ requestHandlerIdle: 0.05, networkProcessorIdle: 0.04 }) }), null);
});

test('resources come ranked, with a share of 0 to 1 and what is known of each', () => {
  const all = boundBy(calm);
  for (const [i, { share, evidence }] of all.entries()) {
    assert.ok(share >= 0 && share <= 1);
    assert.ok(share <= (all[i - 1]?.share ?? 1));
    assert.ok(evidence.length > 0);
  }
});

test('a limit that held the brokers back is named however busy anything else was', () => {
  const hosts = [hostOf({ idlePercent: 1 })];
  const throttled = { cpuPeriodsPerSec: 10, cpuThrottledPeriodsPerSec: 6, requestHandlerIdle: 0.02 };
  assert.is(named({ hosts, brokers: brokersWith(throttled) }), 'CPU limit of broker kafka-1:7071');
  assert.match(named({ hosts }) ?? '', /^processors of load host/);
});

test('threads that wait for a disk are not named in its place', () => {
  const waiting = { diskBusy: 0.97, requestHandlerIdle: 0, networkProcessorIdle: 0.9 };
  assert.is(named({ brokers: brokersWith(waiting) }), 'disk of broker kafka-1:7071');
});

test('requests that wait for their turn at the broker are not the network’s', () => {
  const mean = { produceTimeMsPerSec: 600, produceRequestsPerSec: 100 };
  const brokers = brokersWith(mean, mean);
  // 10 s, 2 producers: 5 of a connection in flight, of 6 ms each.
  const seen = (answerMs: number) => seenAs(answering(answerMs, 100_000 / answerMs));
  assert.not.match(named({ brokers, brokersAsSeen: seen(30) }) ?? '', /network/);
  assert.match(named({ brokers, brokersAsSeen: seen(400) }) ?? '', /^network between/);
});

test.run();
