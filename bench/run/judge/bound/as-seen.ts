import type { BrokerFigures } from '../../../brokers/figures.ts';
import type { BrokersAsSeen } from '../../../common/broker-as-seen.ts';
import { median } from '../../../stats/describe.ts';
import { quotaByMetrics, unevenLoad } from './brokers.ts';
import { BINDS_FROM, type BoundFacts, type Candidate, clamp, DEPTH, held, percent } from './facts.ts';

/** Fewer answers than this say little of a broker. */
const FEWEST_REQUESTS = 20;
/** Differences of a few ms are a network's. */
const LATE_BY_MS = 10;
/** Less of the time held back is a quota that was met once. */
const THROTTLED_FROM = 0.01;

/** A broker as the producers saw it, and its own word where it has one. */
interface Seen {
  readonly name: string;
  readonly requests: number;
  /** Of a request, on average; what a quota added is left out. */
  readonly answerMs: number;
  /** By its own account: a request on average, and the time that 99 % of them did not exceed; null where it is not told. */
  readonly ownMs: number | null;
  readonly ownP99Ms: number | null;
}

const hostOf = (name: string): string => name.replace(/:\d+(\/\d+)?$/, '');

/** The metrics of a broker by its address: only where no other broker has the same host. */
function metricsOf(
  name: string,
  names: readonly string[],
  metrics: BoundFacts['brokers'],
): BrokerFigures | null {
  const sameHost = (one: string): boolean => hostOf(one) === hostOf(name);
  const pages = [...metrics].filter(([page]) => sameHost(page));
  const [only] = pages;
  return only === undefined || pages.length > 1 || names.filter(sameHost).length > 1 ? null : only[1];
}

function meanMsOf(figures: BrokerFigures | null): number | null {
  const { produceTimeMsPerSec = null, produceRequestsPerSec = null } = figures ?? {};
  if (produceTimeMsPerSec === null || produceRequestsPerSec === null) return null;
  return produceRequestsPerSec === 0 ? null : produceTimeMsPerSec / produceRequestsPerSec;
}

function seenOf({ brokersAsSeen, brokers }: BoundFacts): Seen[] {
  const names = Object.keys(brokersAsSeen);
  return Object.entries(brokersAsSeen)
    .filter(([, { requests }]) => requests >= FEWEST_REQUESTS)
    .map(([name, { requests, roundTripUs, throttleMs }]) => {
      const figures = metricsOf(name, names, brokers);
      return {
        name,
        requests,
        answerMs: Math.max(0, roundTripUs / 1000 - throttleMs) / requests,
        ownMs: meanMsOf(figures),
        ownP99Ms: figures?.produceTotalP99Ms ?? null,
      };
    });
}

/** What the protocol itself tells of the brokers: how long they took to answer, and whether they held the producers back. */
export function asSeenCandidates(facts: BoundFacts): Candidate[] {
  const seen = seenOf(facts);
  const network = networkOf(seen, facts);
  return [
    ...quota(facts),
    ...(facts.brokers.size > 1 ? [] : uneven(facts.brokersAsSeen)),
    ...network,
    ...(network.length > 0 ? [] : slowBroker(seen)),
    ...batches(facts),
  ];
}

const uneven = (seen: BrokersAsSeen): Candidate[] =>
  unevenLoad(Object.entries(seen).map(([name, { sentBytes }]) => ({ name, bytes: sentBytes })));

/** A quota is a broker's for each client: the broker that held the producers back the most speaks. */
function quota({ brokersAsSeen, brokers, windowSec, producers }: BoundFacts): Candidate[] {
  const shares = Object.entries(brokersAsSeen).map(([name, { throttleMs }]) => ({
    name,
    share: throttleMs / 1000 / windowSec / Math.max(1, producers),
  }));
  const most = shares.toSorted((a, b) => b.share - a.share)[0];
  // Kafka's percentiles remember five minutes: where the producers tell, a quota that is gone is not named.
  if (most === undefined) return quotaByMetrics(brokers);
  if (most.share < THROTTLED_FROM) return [];
  const evidence = `broker ${most.name} told the producers to wait ${percent(clamp(most.share))} of the time`;
  return [held('quota', BINDS_FROM + most.share, evidence)];
}

/** The one broker of several that takes its time. With acks=all its followers' time is in it, too. */
function slowBroker(seen: readonly Seen[]): Candidate[] {
  const [slowest, ...others] = seen.toSorted((a, b) => b.answerMs - a.answerMs);
  if (slowest === undefined || others.length === 0) return [];
  const usualMs = median(others.map(({ answerMs }) => answerMs));
  if (slowest.answerMs - usualMs < LATE_BY_MS) return [];
  return [
    {
      resource: `answers of broker ${slowest.name}`,
      share: clamp(1 - usualMs / slowest.answerMs),
      evidence: `a request took ${slowest.answerMs.toFixed(1)} ms there, and ${usualMs.toFixed(1)} ms at the others`,
      depth: DEPTH.answer,
    },
  ];
}

/**
 * A broker takes the next request of a connection when it has answered the one before, and only then begins to time it
 * (SocketServer mutes the channel): of n in flight each waits for its turn, and that is not the network's.
 */
function spentThereMs({ ownMs, ownP99Ms, answerMs, requests }: Seen, facts: BoundFacts): number | null {
  if (ownMs === null) return ownP99Ms;
  const inFlight = (requests * answerMs) / 1000 / facts.windowSec / Math.max(1, facts.producers);
  return ownMs * Math.max(1, inFlight);
}

/** Answers that were long on the way, and not in the broker. */
function networkOf(seen: readonly Seen[], facts: BoundFacts): Candidate[] {
  const judged = seen.flatMap((one) => {
    const { name, answerMs } = one;
    const ownMs = spentThereMs(one, facts);
    return ownMs === null ? [] : [{ name, answerMs, ownMs, share: clamp(1 - ownMs / answerMs) }];
  });
  const late = judged
    .filter(({ answerMs, ownMs }) => answerMs - ownMs >= LATE_BY_MS)
    .toSorted((a, b) => b.share - a.share);
  const [first] = late;
  if (first === undefined) return [];
  const where = late.length > 1 && late.length === seen.length ? 'the brokers' : `broker ${first.name}`;
  return [
    {
      resource: `network between the producers and ${where}`,
      share: first.share,
      evidence: `a request took ${first.answerMs.toFixed(1)} ms, and at most ${first.ownMs.toFixed(1)} ms of it in the broker`,
      depth: DEPTH.answer,
    },
  ];
}

/**
 * Little's law: the requests in flight of all connections are their rate times their round trip. Where as many are in
 * flight as may be, batches wait, and only larger ones or shorter round trips carry more.
 */
function batches({
  brokersAsSeen,
  windowSec,
  producers,
  maxInFlight,
  batchSizeBytes,
}: BoundFacts): Candidate[] {
  const seen = Object.values(brokersAsSeen).filter(({ requests }) => requests > 0);
  const requests = seen.reduce((all, one) => all + one.requests, 0);
  if (requests < FEWEST_REQUESTS || producers === 0) return [];
  const roundTripUs = seen.reduce((all, one) => all + one.roundTripUs, 0);
  const sentBytes = seen.reduce((all, one) => all + one.sentBytes, 0);
  const share = clamp(roundTripUs / 1e6 / windowSec / (producers * seen.length * maxInFlight));
  const each = `${(sentBytes / requests / 1000).toFixed(1)} kB`;
  return [
    {
      resource: 'batch.size × requests in flight',
      share,
      evidence: `${percent(share)} of the ${maxInFlight} requests that a connection may have in flight were, of ${each} each (batch.size ${batchSizeBytes}), for ${(roundTripUs / requests / 1000).toFixed(1)} ms`,
      depth: DEPTH.batches,
    },
  ];
}
