import { type BoundFacts, type Candidate, clamp, DEPTH, held, limitOf, percent, resource } from './facts.ts';

/** Fewer refused packets a second are a burst that was over at once. */
const REFUSED_PER_SEC = 1;

/** What the load hosts lacked. */
export function hostCandidates({ hosts, windowSec }: BoundFacts): Candidate[] {
  return hosts.flatMap((host): Candidate[] => {
    const stolen = host.stolenPercent ?? 0;
    // What was taken away is a cause of its own.
    const busy =
      host.idlePercent === null || host.iowaitPercent === null
        ? null
        : 100 - host.idlePercent - host.iowaitPercent - stolen;
    const found: Candidate[] = [];
    if (busy !== null) {
      const share = clamp(busy / 100);
      found.push(resource(`processors of load host ${host.name}`, share, `${percent(share)} in use`));
    }
    if (host.throttledPercent !== null) {
      found.push(limitOf(`CPU limit of load host ${host.name}`, host.throttledPercent / 100));
    }
    const refused = (host.refusedPackets ?? 0) / windowSec;
    if (refused >= REFUSED_PER_SEC) {
      const evidence = `EC2 held back or dropped ${refused.toFixed(0)} packets/s: an allowance of its type was spent`;
      found.push(held(`network allowance of load host ${host.name}`, 1, evidence));
    }
    if (stolen >= 1) {
      const share = clamp(stolen / 100);
      found.push(
        held(
          `stolen time of load host ${host.name}`,
          0.8 + share,
          `${percent(share)} of its processors were taken away`,
        ),
      );
    }
    return found;
  });
}

/** What the generators and the client were short of themselves. */
export function clientCandidates(facts: BoundFacts): Candidate[] {
  const { generator, windowSec, producers, consumers, handlerMs, toHandlePerSec, concurrency, lagGrowing } =
    facts;
  const found: Candidate[] = [
    resource(
      'one generator',
      generator.cpuMaxPercent / 100,
      `the busiest used ${generator.cpuMaxPercent.toFixed(0)} % of a core`,
    ),
  ];
  if (producers > 0) {
    const share = clamp(generator.queueFullMs / 1000 / windowSec / producers);
    found.push({
      resource: 'client queue',
      share,
      evidence: `full ${percent(share)} of the time: the brokers, or the batches sent to them, were slower than the rate`,
      depth: DEPTH.queue,
    });
  }
  if (consumers > 0 && handlerMs > 0) {
    const share = clamp((toHandlePerSec * handlerMs) / 1000 / (consumers * concurrency));
    found.push(
      held(
        'consumer handlers',
        lagGrowing ? Math.max(share, 0.99) : share,
        `${toHandlePerSec.toFixed(0)} records/s × ${handlerMs} ms over ${consumers * concurrency} at a time`,
      ),
    );
  }
  if (facts.brokersCpuPercent !== null && facts.brokerProcessors !== null) {
    found.push(
      resource(
        'processors of the brokers',
        facts.brokersCpuPercent / 100 / facts.brokerProcessors,
        `${(facts.brokersCpuPercent / 100).toFixed(2)} of ${facts.brokerProcessors} in use`,
      ),
    );
  }
  return found;
}
