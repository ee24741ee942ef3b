import type { BrokerFigures } from '../../brokers/figures.ts';
import type { HostFigures } from '../../results/host-figures.ts';
import type { Binding, RepeatResult } from '../../results/result.ts';

/** What is known of a repeat when it is asked what held it back. */
export interface BoundFacts {
  readonly hosts: readonly HostFigures[];
  readonly generator: RepeatResult['generator'];
  readonly windowSec: number;
  readonly producers: number;
  readonly consumers: number;
  readonly lagGrowing: boolean;
  readonly handlerMs: number;
  /** Records a second that the groups' handlers had to get through, all groups together. */
  readonly toHandlePerSec: number;
  readonly concurrency: number;
  /** Mean figures of each broker over the window, by name; none where no metrics were read. */
  readonly brokers: ReadonlyMap<string, BrokerFigures>;
  /** Processors of the brokers' own host, where they are on this machine and CPU is seen. */
  readonly brokersCpuPercent: number | null;
  readonly brokerProcessors: number | null;
  /** Baseline of one broker's network, bytes a second each way; null where it is not known. */
  readonly networkBaselineBytesPerSec: number | null;
}

/** A resource is named as what bound from here on: queues grow without bound only near 1 (M/M/1: 1 / (1 − ρ)). */
const BINDS_FROM = 0.85;
/** And only where it stands out from the next one by so much; closer ones cannot be told apart by one repeat. */
const CLEAR_BY = 0.05;

type Candidate = Omit<Binding, 'binds'>;

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

function brokerCandidates({ brokers, networkBaselineBytesPerSec }: BoundFacts): Candidate[] {
  const found: Candidate[] = [];
  for (const [name, figures] of brokers) {
    const idle = figures.requestHandlerIdle ?? figures.requestHandlerIdleMinute;
    if (idle !== null) {
      const share = clamp(1 - idle);
      found.push({
        resource: `request handlers of broker ${name}`,
        share,
        evidence: `busy ${percent(share)} of the time`,
      });
    }
    if (figures.networkProcessorIdle !== null) {
      const share = clamp(1 - figures.networkProcessorIdle);
      found.push({
        resource: `network threads of broker ${name}`,
        share,
        evidence: `busy ${percent(share)} of the time`,
      });
    }
    if (figures.diskBusy !== null) {
      found.push({
        resource: `disk of broker ${name}`,
        share: clamp(figures.diskBusy),
        evidence: `had a request in its queue ${percent(clamp(figures.diskBusy))} of the time`,
      });
    }
    if (figures.gcMsPerSec !== null) {
      const share = clamp(figures.gcMsPerSec / 1000);
      found.push({
        // A collector that takes a fifth of the time stands for a heap that is as good as full.
        resource: `heap of broker ${name}`,
        share: clamp(share * 5),
        evidence: `garbage collection took ${percent(share)} of the time`,
      });
    }
    const out = figures.bytesOutPerSec ?? 0;
    const into = figures.bytesInPerSec ?? 0;
    if (networkBaselineBytesPerSec !== null && (figures.bytesOutPerSec ?? figures.bytesInPerSec) !== null) {
      const share = clamp(Math.max(out, into) / networkBaselineBytesPerSec);
      found.push({
        resource: `network of broker ${name}`,
        share,
        evidence: `${(Math.max(out, into) / 1e6).toFixed(1)} MB/s of a baseline of ${(networkBaselineBytesPerSec / 1e6).toFixed(1)} MB/s`,
      });
    }
  }
  const quota = quotaOf(brokers);
  if (quota !== null) found.push(quota);
  const hot = hottestLeader(brokers);
  if (hot !== null) found.push(hot);
  return found;
}

/** Brokers that answer late on purpose: whatever the rate then is, it is the quota's. */
function quotaOf(brokers: ReadonlyMap<string, BrokerFigures>): Candidate | null {
  const most = Math.max(0, ...[...brokers.values()].map((figures) => figures.produceThrottleP99Ms ?? 0));
  if (most < 1) return null;
  return {
    resource: 'quota',
    share: clamp(BINDS_FROM + most / 1000),
    evidence: `brokers held one produce request in a hundred back for ${most.toFixed(0)} ms or more`,
  };
}

/** One broker that takes most of the bytes while the others wait: a hot partition, or leaders on one broker. */
function hottestLeader(brokers: ReadonlyMap<string, BrokerFigures>): Candidate | null {
  const loads = [...brokers].map(([name, { bytesInPerSec }]) => ({ name, bytes: bytesInPerSec ?? 0 }));
  const all = loads.reduce((sum, { bytes }) => sum + bytes, 0);
  const most = loads.toSorted((a, b) => b.bytes - a.bytes)[0];
  if (loads.length < 2 || most === undefined || all === 0) return null;
  const share = most.bytes / all;
  // Evenly spread, each has 1/n; the excess over that is what is uneven.
  const excess = clamp((share - 1 / loads.length) / (1 - 1 / loads.length));
  return {
    resource: `one broker's leaders (${most.name})`,
    share: excess,
    evidence: `it took ${percent(share)} of all bytes of ${loads.length} brokers`,
  };
}

function hostCandidates({ hosts }: BoundFacts): Candidate[] {
  return hosts.flatMap((host): Candidate[] => {
    const busy =
      host.idlePercent === null || host.iowaitPercent === null
        ? null
        : 100 - host.idlePercent - host.iowaitPercent;
    const found: Candidate[] = [];
    if (busy !== null) {
      const share = clamp(busy / 100);
      found.push({
        resource: `processors of load host ${host.name}`,
        share,
        evidence: `${percent(share)} in use or stolen`,
      });
    }
    if (host.throttledPercent !== null) {
      const share = clamp(host.throttledPercent / 100);
      found.push({
        resource: `CPU limit of load host ${host.name}`,
        // Any period that ran out of its quota delayed whatever ran in it.
        share: share > 0.05 ? clamp(0.85 + share) : share,
        evidence: `out of its quota in ${percent(share)} of the periods`,
      });
    }
    if ((host.stolenPercent ?? 0) >= 1) {
      const share = clamp((host.stolenPercent ?? 0) / 100);
      found.push({
        resource: `stolen time of load host ${host.name}`,
        share: clamp(0.8 + share),
        evidence: `${percent(share)} of its CPU time was stolen`,
      });
    }
    return found;
  });
}

function clientCandidates(facts: BoundFacts): Candidate[] {
  const { generator, windowSec, producers, consumers, handlerMs, toHandlePerSec, concurrency, lagGrowing } =
    facts;
  const found: Candidate[] = [
    {
      resource: 'one generator',
      share: clamp(generator.cpuMaxPercent / 100),
      evidence: `the busiest used ${generator.cpuMaxPercent.toFixed(0)} % of a core`,
    },
  ];
  if (producers > 0) {
    const share = clamp(generator.queueFullMs / 1000 / windowSec / producers);
    found.push({
      resource: 'client queue',
      share,
      evidence: `full ${percent(share)} of the time: the brokers, or the batches sent to them, were slower than the rate`,
    });
  }
  if (consumers > 0 && handlerMs > 0) {
    const share = clamp((toHandlePerSec * handlerMs) / 1000 / (consumers * concurrency));
    found.push({
      resource: 'consumer handlers',
      share: lagGrowing ? Math.max(share, 0.99) : share,
      evidence: `${toHandlePerSec.toFixed(0)} records/s × ${handlerMs} ms over ${consumers * concurrency} at a time`,
    });
  }
  if (facts.brokersCpuPercent !== null && facts.brokerProcessors !== null) {
    const share = clamp(facts.brokersCpuPercent / 100 / facts.brokerProcessors);
    found.push({
      resource: 'processors of the brokers',
      share,
      evidence: `${(facts.brokersCpuPercent / 100).toFixed(2)} of ${facts.brokerProcessors} in use`,
    });
  }
  return found;
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

/**
 * Resources by how near to their limit they were, the nearest first. The first one is said to bind where it was at 85 %
 * or more and stands out; otherwise nobody knows, and that is the answer.
 */
export function boundBy(facts: BoundFacts): Binding[] {
  const ranked = [...brokerCandidates(facts), ...hostCandidates(facts), ...clientCandidates(facts)].toSorted(
    (a, b) => b.share - a.share,
  );
  const [first, second] = ranked;
  const clear =
    first !== undefined && first.share >= BINDS_FROM && first.share - (second?.share ?? 0) >= CLEAR_BY;
  return ranked.map((candidate, index) => ({ ...candidate, binds: clear && index === 0 }));
}
