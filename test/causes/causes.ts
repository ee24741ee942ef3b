import type { Random } from '../../bench/common/random.ts';
import type { BoundFacts } from '../../bench/run/judge/bound/facts.ts';
import { answering, brokersWith, calmFacts, hostOf, seenAs } from '../support/bound-facts.ts';

/** A cause that was put in, what a run then tells, and how its name begins. */
export interface Cause {
  readonly name: string;
  readonly named: RegExp;
  readonly evidence: (random: Random) => Partial<BoundFacts>;
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.next();
/** How full the client's queue was, as it is behind most of these causes. */
const queueFull = (random: Random, low: number): Partial<BoundFacts> => ({
  generator: {
    ...calmFacts.generator,
    cpuMaxPercent: between(random, 20, 70),
    queueFullMs: 20_000 * between(random, low, 1),
  },
});
const NO_METRICS: BoundFacts['brokers'] = new Map();

/**
 * The twelve causes, each with what goes along with it: queues that fill, answers that are late. Made by hand from how
 * Kafka and Linux count, and not recorded; every figure is drawn anew for each run.
 */
export const CAUSES: readonly Cause[] = [
  {
    name: 'CPU stolen from a load host',
    named: /^stolen time of load host/,
    evidence: (random) => ({
      hosts: [hostOf({ stolenPercent: between(random, 9, 20), idlePercent: between(random, 12, 40) })],
    }),
  },
  {
    name: 'CPU limit on an agent',
    named: /^CPU limit of load host/,
    evidence: (random) => ({
      hosts: [
        hostOf({
          throttledPercent: between(random, 10, 90),
          cpuLimit: 1,
          idlePercent: between(random, 30, 70),
        }),
      ],
    }),
  },
  {
    name: 'one request handler',
    named: /^request handlers of broker/,
    evidence: (random) => ({
      ...queueFull(random, 0.3),
      brokers: brokersWith({
        requestHandlerIdle: between(random, 0, 0.05),
        networkProcessorIdle: between(random, 0.4, 0.9),
        cpuPerSec: between(random, 1, 2),
        produceTotalP99Ms: 120,
      }),
      brokersAsSeen: seenAs(answering(between(random, 30, 90), 800)),
    }),
  },
  {
    name: 'a broker’s CPU limited',
    named: /^processors of broker/,
    evidence: (random) => ({
      ...queueFull(random, 0.3),
      brokers: brokersWith({
        cpuPerSec: between(random, 1.9, 2),
        processors: 2,
        requestHandlerIdle: between(random, 0.2, 0.6),
        networkProcessorIdle: between(random, 0.2, 0.6),
        produceTotalP99Ms: 90,
      }),
      brokersAsSeen: seenAs(answering(between(random, 20, 80), 900)),
    }),
  },
  {
    name: 'a slow disk',
    named: /^disk of broker/,
    evidence: (random) => ({
      ...queueFull(random, 0.3),
      brokers: brokersWith({
        diskBusy: between(random, 0.93, 1),
        requestHandlerIdle: between(random, 0.15, 0.6),
        produceTotalP99Ms: 200,
      }),
      brokersAsSeen: seenAs(answering(between(random, 40, 150), 500)),
    }),
  },
  {
    name: 'a slow network',
    named: /^network between the producers and/,
    evidence: (random) => {
      const answerMs = between(random, 40, 100);
      // As many as are in flight: 10 s × 2 producers × 5 requests.
      const requests = Math.floor((100_000 / answerMs) * between(random, 0.9, 1));
      return {
        ...queueFull(random, 0.8),
        brokers: brokersWith({ produceTotalP99Ms: between(random, 1, 6) }, { produceTotalP99Ms: 3 }),
        brokersAsSeen: seenAs(answering(answerMs, requests), answering(answerMs * 1.02, requests)),
      };
    },
  },
  {
    name: 'a quota on the client',
    named: /^quota/,
    evidence: (random) => {
      const held = between(random, 0.3, 0.9);
      const seen = answering(4 + between(random, 20, 60), 400, { throttleMs: 20_000 * held });
      return { ...queueFull(random, 0.8), brokers: NO_METRICS, brokersAsSeen: seenAs(seen, seen) };
    },
  },
  {
    name: 'one hot key',
    named: /^one broker's leaders/,
    evidence: (random) => {
      const others = between(random, 0, 0.4e6);
      return {
        ...queueFull(random, 0),
        brokers:
          random.next() < 0.5 ? NO_METRICS : brokersWith({ bytesInPerSec: 30e6 }, { bytesInPerSec: others }),
        brokersAsSeen: seenAs(
          answering(between(random, 4, 30), 2_000, { sentBytes: 300e6 }),
          answering(2, 40, { sentBytes: others * 10 }),
        ),
      };
    },
  },
  {
    name: 'one slow broker of three',
    named: /^answers of broker/,
    evidence: (random) => ({
      ...queueFull(random, 0.5),
      brokers: NO_METRICS,
      brokersAsSeen: seenAs(
        answering(between(random, 80, 300), 300),
        answering(between(random, 2, 8), between(random, 900, 2_000)),
      ),
    }),
  },
  {
    name: 'a heap too small',
    named: /^heap of broker/,
    evidence: (random) => ({
      ...queueFull(random, 0.2),
      brokers: brokersWith({
        gcMsPerSec: between(random, 200, 500),
        requestHandlerIdle: between(random, 0.2, 0.6),
        cpuPerSec: between(random, 1.5, 3),
        produceTotalP99Ms: 400,
      }),
      brokersAsSeen: seenAs(answering(between(random, 20, 200), 400)),
    }),
  },
  {
    name: 'handlers too slow',
    named: /^consumer handlers/,
    evidence: (random) => ({
      handlerMs: 10,
      toHandlePerSec: between(random, 210, 600),
      lagGrowing: true,
      hosts: [hostOf({ idlePercent: between(random, 30, 80) })],
    }),
  },
  {
    name: 'batch.size too small',
    named: /^batch\.size/,
    evidence: (random) => {
      const answerMs = between(random, 1.5, 4);
      const requests = Math.floor((100_000 / answerMs) * between(random, 0.9, 1));
      const seen = answering(answerMs, requests, { sentBytes: requests * 16_200 });
      return {
        ...queueFull(random, 0.8),
        brokers: brokersWith({ requestHandlerIdle: between(random, 0.3, 0.7) }),
        brokersAsSeen: seenAs(seen, seen),
      };
    },
  },
];

/** A run in which nothing was put in: busy and uneven as real ones are, with a hiccup here and there. */
export function calmEvidence(random: Random): Partial<BoundFacts> {
  const some = (low: number, high: number): number => between(random, low, high);
  return {
    hosts: [hostOf({ stolenPercent: some(0, 2), idlePercent: some(20, 80), throttledPercent: some(0, 4) })],
    generator: { ...calmFacts.generator, cpuMaxPercent: some(15, 80), queueFullMs: some(0, 6_000) },
    handlerMs: 2,
    toHandlePerSec: some(100, 800),
    brokers:
      random.next() < 0.3
        ? NO_METRICS
        : brokersWith(
            {
              bytesInPerSec: some(8e6, 20e6),
              requestHandlerIdle: some(0.25, 0.9),
              networkProcessorIdle: some(0.25, 0.9),
              diskBusy: some(0, 0.7),
              gcMsPerSec: some(0, 120),
              cpuPerSec: some(0.2, 3),
            },
            { bytesInPerSec: some(8e6, 12e6) },
          ),
    brokersAsSeen: seenAs(
      answering(some(2, 12), some(800, 3_000), { roundTripMaxUs: 400_000, throttleMs: some(0, 150) }),
      answering(some(2, 6), some(800, 3_000)),
    ),
  };
}
