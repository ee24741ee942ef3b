import type { Finding } from '../../host/checkup.ts';
import { workloadSchema } from '../../workload/schema.ts';
import { Session } from '../session.ts';
import { type ClusterFlags, chooseCluster } from './choose-cluster.ts';

/** Brokers that stand alone keep one copy of a record, and one that is down stops everything. */
const FEWEST_BROKERS = 3;

/** What a cluster tells of itself over the protocol alone. Throws broker-unreachable with the reason. */
export async function examineCluster(
  flags: ClusterFlags,
): Promise<{ readonly host: string; readonly findings: readonly Finding[] }> {
  const signal = new AbortController().signal;
  const chosen = await chooseCluster(flags, workloadSchema.parse({ name: 'doctor' }), () => {}, signal);
  try {
    const startedAt = performance.now();
    const session = await Session.open(chosen.underTest);
    const tookMs = performance.now() - startedAt;
    const { brokers } = session;
    const { info } = chosen.underTest;
    const leftTopics = await session.close();
    return {
      host: `cluster at ${info.bootstrapServers}`,
      findings: [
        {
          check: 'reachable',
          state: 'good',
          found: `answered after ${(tookMs / 1000).toFixed(1)} s, client start included`,
          remedy: null,
        },
        {
          check: 'brokers',
          state: brokers.length >= FEWEST_BROKERS ? 'good' : 'warning',
          found: brokers.map(({ id, address }) => `${id} ${address}`).join(', '),
          remedy:
            brokers.length >= FEWEST_BROKERS
              ? null
              : 'replication factor 3 needs three brokers: durability and its cost cannot be measured here',
        },
        {
          check: 'a host of its own',
          state: info.local ? 'warning' : 'good',
          found: info.local ? 'brokers and generators share this machine' : 'brokers are elsewhere',
          remedy: info.local ? 'smoke-scale: compare settings roughly, and measure capacity elsewhere' : null,
        },
        ...(leftTopics.length === 0
          ? []
          : [
              {
                check: 'topics left by ksweep',
                state: 'warning' as const,
                found: leftTopics.join(', '),
                remedy: 'delete them by hand',
              },
            ]),
      ],
    };
  } finally {
    await chosen.stop();
  }
}
