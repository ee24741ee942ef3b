import { BROKER_FIGURES, type BrokerFigures } from '../../bench/brokers/figures.ts';
import type { BrokerAsSeen } from '../../bench/common/broker-as-seen.ts';
import type { HostFigures } from '../../bench/results/host-figures.ts';
import type { BoundFacts } from '../../bench/run/judge/bound/facts.ts';
import { hostFigures } from '../../bench/run/judge/hosts.ts';

const WINDOW_SEC = 10;

/** A load host with time to spare, but for the figures given. */
export function hostOf(figures: Partial<HostFigures> = {}): HostFigures {
  const [untold] = hostFigures([{ name: 'load-1', seconds: [] }], { fromSec: 0, endSec: WINDOW_SEC });
  if (untold === undefined) throw new Error('no host');
  return { ...untold, idlePercent: 60, iowaitPercent: 0, stolenPercent: 0, ...figures };
}

const untold = Object.fromEntries(BROKER_FIGURES.map((figure) => [figure, null])) as BrokerFigures;
const broker: BrokerFigures = {
  ...untold,
  bytesInPerSec: 10e6,
  bytesOutPerSec: 20e6,
  requestHandlerIdle: 0.8,
  networkProcessorIdle: 0.7,
  gcMsPerSec: 10,
  cpuPerSec: 0.5,
  processors: 4,
  diskBusy: 0.2,
  produceTotalP99Ms: 6,
};

/** Three brokers by their metrics, of which the first differs. */
export const brokersWith = (
  changes: Partial<BrokerFigures>,
  others: Partial<BrokerFigures> = {},
): BoundFacts['brokers'] =>
  new Map([
    ['kafka-1:7071', { ...broker, ...changes }],
    ['kafka-2:7071', { ...broker, ...others }],
    ['kafka-3:7071', { ...broker, ...others }],
  ]);

/** What the producers saw of a broker that answers `requests` requests after so many ms each. */
export const answering = (
  answerMs: number,
  requests = 2_000,
  more: Partial<BrokerAsSeen> = {},
): BrokerAsSeen => ({
  requests,
  roundTripUs: requests * answerMs * 1000,
  roundTripMaxUs: answerMs * 5_000,
  throttleMs: 0,
  sentBytes: requests * 12_000,
  ...more,
});

/** The same three brokers as the producers saw them. */
export const seenAs = (first: BrokerAsSeen, others = answering(2)): BoundFacts['brokersAsSeen'] => ({
  'kafka-1:9092/1': first,
  'kafka-2:9092/2': others,
  'kafka-3:9092/3': others,
});

/** A repeat in which nothing was near its limit. */
export const calmFacts: BoundFacts = {
  hosts: [hostOf()],
  generator: {
    eventLoopDelayP99Us: 1_000,
    eventLoopDelayMaxUs: 2_000,
    cpuMaxPercent: 40,
    queueFullMs: 0,
    wasLimit: false,
  },
  windowSec: WINDOW_SEC,
  producers: 2,
  consumers: 2,
  lagGrowing: false,
  handlerMs: 1,
  toHandlePerSec: 500,
  concurrency: 1,
  batchSizeBytes: 16_384,
  maxInFlight: 5,
  brokers: brokersWith({}),
  brokersAsSeen: seenAs(answering(2)),
  brokersCpuPercent: null,
  brokerProcessors: null,
  networkBaselineBytesPerSec: 100e6,
};
