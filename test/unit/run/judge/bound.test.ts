import * as assert from 'uvu/assert';
import { BROKER_FIGURES, type BrokerFigures } from '../../../../bench/brokers/figures.ts';
import { type BoundFacts, boundBy } from '../../../../bench/run/judge/bound.ts';
import { hostFigures } from '../../../../bench/run/judge/hosts.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what bound a repeat');

const [host] = hostFigures([{ name: 'load-1', seconds: [] }], { fromSec: 0, endSec: 10 });
if (host === undefined) throw new Error('no host');
const untold = Object.fromEntries(BROKER_FIGURES.map((figure) => [figure, null])) as BrokerFigures;
const broker: BrokerFigures = {
  ...untold,
  bytesInPerSec: 10e6,
  bytesOutPerSec: 20e6,
  requestHandlerIdle: 0.8,
  networkProcessorIdle: 0.7,
  gcMsPerSec: 10,
};
const brokersWith = (changes: Partial<BrokerFigures>, others: Partial<BrokerFigures> = {}) =>
  new Map([
    ['kafka-1', { ...broker, ...changes }],
    ['kafka-2', { ...broker, ...others }],
    ['kafka-3', { ...broker, ...others }],
  ]);

const calm: BoundFacts = {
  hosts: [{ ...host, idlePercent: 60, iowaitPercent: 0, stolenPercent: 0 }],
  generator: {
    eventLoopDelayP99Us: 1_000,
    eventLoopDelayMaxUs: 2_000,
    cpuMaxPercent: 40,
    queueFullMs: 0,
    wasLimit: false,
  },
  windowSec: 10,
  producers: 2,
  consumers: 2,
  lagGrowing: false,
  handlerMs: 1,
  toHandlePerSec: 500,
  concurrency: 1,
  brokers: brokersWith({}),
  brokersCpuPercent: null,
  brokerProcessors: null,
  networkBaselineBytesPerSec: 100e6,
};
const named = (changes: Partial<BoundFacts>): string | null =>
  boundBy({ ...calm, ...changes }).find(({ binds }) => binds)?.resource ?? null;

test('nothing is named where nothing was near its limit', () => {
  assert.is(named({}), null);
});

test('each cause is named first, and by its own name', () => {
  const cases: [RegExp, Partial<BoundFacts>][] = [
    [/request handlers of broker kafka-1/, { brokers: brokersWith({ requestHandlerIdle: 0.02 }) }],
    [/network threads of broker kafka-1/, { brokers: brokersWith({ networkProcessorIdle: 0.03 }) }],
    [/disk of broker kafka-1/, { brokers: brokersWith({ diskBusy: 0.97 }) }],
    [/heap of broker kafka-1/, { brokers: brokersWith({ gcMsPerSec: 300 }) }],
    [/network of broker kafka-1/, { brokers: brokersWith({ bytesOutPerSec: 96e6 }) }],
    [
      /one broker's leaders \(kafka-1\)/,
      { brokers: brokersWith({ bytesInPerSec: 30e6 }, { bytesInPerSec: 0.2e6 }) },
    ],
    [
      /stolen time of load host load-1/,
      { hosts: [{ ...host, idlePercent: 60, iowaitPercent: 0, stolenPercent: 11 }] },
    ],
    [/CPU limit of load host load-1/, { hosts: [{ ...host, throttledPercent: 25, cpuLimit: 1 }] }],
    [/one generator/, { generator: { ...calm.generator, cpuMaxPercent: 99 } }],
    [/client queue/, { generator: { ...calm.generator, queueFullMs: 19_500 } }],
    [/consumer handlers/, { toHandlePerSec: 1_980, lagGrowing: true }],
    [/quota/, { brokers: brokersWith({ produceThrottleP99Ms: 400 }) }],
  ];
  for (const [resource, changes] of cases) assert.match(named(changes) ?? 'nothing', resource);
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

test.run();
