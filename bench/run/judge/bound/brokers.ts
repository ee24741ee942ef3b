import type { BrokerFigures } from '../../../brokers/figures.ts';
import {
  BINDS_FROM,
  type BoundFacts,
  type Candidate,
  clamp,
  DEPTH,
  held,
  limitOf,
  percent,
  resource,
} from './facts.ts';

type ByName = ReadonlyMap<string, BrokerFigures>;

/** What brokers' own metrics say of their resources. */
export function brokerCandidates(facts: BoundFacts): Candidate[] {
  const { brokers } = facts;
  const found = [...brokers].flatMap(([name, figures]) => [
    ...threads(name, figures),
    ...cpuLimit(name, figures),
    // On this machine the operating system tells it, of all brokers together.
    ...(facts.brokersCpuPercent === null ? processors(name, figures) : []),
    ...network(name, figures, facts.networkBaselineBytesPerSec),
  ]);
  return [...found, ...hottestLeader(brokers)];
}

function threads(name: string, figures: BrokerFigures): Candidate[] {
  const found: Candidate[] = [];
  const busy = (what: string, share: number): void => {
    const evidence = `busy ${percent(clamp(share))} of the time`;
    found.push({ ...resource(`${what} of broker ${name}`, share, evidence), depth: DEPTH.threads });
  };
  const idle = figures.requestHandlerIdle ?? figures.requestHandlerIdleMinute;
  if (idle !== null) busy('request handlers', 1 - idle);
  if (figures.networkProcessorIdle !== null) busy('network threads', 1 - figures.networkProcessorIdle);
  if (figures.diskBusy !== null) {
    const share = clamp(figures.diskBusy);
    found.push(
      resource(`disk of broker ${name}`, share, `had a request in its queue ${percent(share)} of the time`),
    );
  }
  if (figures.gcMsPerSec !== null) {
    const share = clamp(figures.gcMsPerSec / 1000);
    // A collector that takes a fifth of the time stands for a heap that is as good as full.
    found.push(
      resource(`heap of broker ${name}`, share * 5, `garbage collection took ${percent(share)} of the time`),
    );
  }
  return found;
}

function cpuLimit(name: string, { cpuPeriodsPerSec, cpuThrottledPeriodsPerSec }: BrokerFigures): Candidate[] {
  if (cpuPeriodsPerSec === null || cpuThrottledPeriodsPerSec === null || cpuPeriodsPerSec === 0) return [];
  return [limitOf(`CPU limit of broker ${name}`, cpuThrottledPeriodsPerSec / cpuPeriodsPerSec)];
}

/** Of its own process, or else of the whole host that it runs on. */
function processors(name: string, figures: BrokerFigures): Candidate[] {
  const { cpuPerSec, processors: own, hostProcessors, hostIdlePerSec } = figures;
  if (cpuPerSec !== null && own !== null && own > 0) {
    const evidence = `${cpuPerSec.toFixed(2)} of ${own} in use`;
    return [resource(`processors of broker ${name}`, cpuPerSec / own, evidence)];
  }
  if (hostIdlePerSec === null || hostProcessors === null || hostProcessors <= 0) return [];
  const used = hostProcessors - hostIdlePerSec;
  const evidence = `${used.toFixed(2)} of its host’s ${hostProcessors} in use`;
  return [resource(`processors of broker ${name}`, used / hostProcessors, evidence)];
}

function network(name: string, figures: BrokerFigures, baseline: number | null): Candidate[] {
  const { bytesInPerSec, bytesOutPerSec } = figures;
  if (baseline === null || (bytesOutPerSec ?? bytesInPerSec) === null) return [];
  const most = Math.max(bytesOutPerSec ?? 0, bytesInPerSec ?? 0);
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB/s`;
  return [
    resource(`network of broker ${name}`, most / baseline, `${mb(most)} of a baseline of ${mb(baseline)}`),
  ];
}

/** Brokers that answer late on purpose: whatever the rate then is, it is the quota's. */
export function quotaByMetrics(brokers: ByName): Candidate[] {
  const most = Math.max(0, ...[...brokers.values()].map((figures) => figures.produceThrottleP99Ms ?? 0));
  if (most < 1) return [];
  const evidence = `brokers held one produce request in a hundred back for ${most.toFixed(0)} ms or more`;
  return [held('quota', BINDS_FROM + most / 1000, evidence)];
}

const hottestLeader = (brokers: ByName): Candidate[] =>
  unevenLoad([...brokers].map(([name, { bytesInPerSec }]) => ({ name, bytes: bytesInPerSec ?? 0 })));

/** One broker that takes most of the bytes while the others wait: a hot partition, or leaders on one broker. */
export function unevenLoad(loads: readonly { readonly name: string; readonly bytes: number }[]): Candidate[] {
  const all = loads.reduce((sum, { bytes }) => sum + bytes, 0);
  const most = loads.toSorted((a, b) => b.bytes - a.bytes)[0];
  if (loads.length < 2 || most === undefined || all === 0) return [];
  const share = most.bytes / all;
  // Evenly spread, each has 1/n; the excess over that is what is uneven.
  const excess = (share - 1 / loads.length) / (1 - 1 / loads.length);
  const evidence = `it took ${percent(share)} of all bytes of ${loads.length} brokers`;
  return [resource(`one broker's leaders (${most.name})`, excess, evidence)];
}
