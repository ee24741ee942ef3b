import { randomBytes } from 'node:crypto';
import type { ClusterUnderTest } from '../../../infra/cluster-under-test.ts';
import type { Finding } from '../../host/checkup.ts';
import { type Workload, workloadSchema } from '../../workload/schema.ts';
import { Session } from '../session.ts';
import { type ClusterFlags, chooseCluster } from './choose-cluster.ts';
import { findingOf, principalOf, type Right, rightsOf } from './rights.ts';

/** For each of some five requests. */
const RIGHTS_LIMIT_MS = 10_000;

/** Brokers that stand alone keep one copy of a record, and one that is down stops everything. */
const FEWEST_BROKERS = 3;

/** Nobody named a topic: the brokers choose its replication factor, since some take only their own. */
function ofNoWorkload(): Workload {
  const workload = workloadSchema.parse({ name: 'doctor' });
  return { ...workload, topic: { ...workload.topic, replicationFactor: -1 } };
}

/** What was looked at, with what was found there. */
export interface Examined {
  readonly host: string;
  readonly findings: readonly Finding[];
  /** What the findings say, for machines. */
  readonly rights?: readonly Right[];
}

/** What the principal may do of what a run of the workload does; it changes nothing. */
async function examineRights(
  session: Session,
  { info, connection }: ClusterUnderTest,
  { topic, consumer }: Workload,
): Promise<Examined> {
  const existing = topic.existing ? (topic.name ?? null) : null;
  const topicPrefix = `${topic.name ?? 'ksweep'}-`;
  const groupPrefix = `${consumer['group.id'] ?? 'ksweep'}-`;
  const nonce = randomBytes(8).toString('hex');
  const { partitions, replicationFactor, configs } = topic;
  const probe = { name: `${topicPrefix}doctor-${nonce}`, partitions, replicationFactor, configs };
  const answers = await session.observer.ask({
    kind: 'ask-rights',
    question: { probe, existing, group: `${groupPrefix}doctor-${nonce}` },
    timeoutMs: RIGHTS_LIMIT_MS,
  });
  const principal = principalOf(connection);
  const { bootstrapServers } = info;
  const rights = rightsOf(answers, { principal, bootstrapServers, topicPrefix, groupPrefix, existing });
  return { host: `rights of ${principal}`, findings: rights.map(findingOf), rights };
}

/**
 * What a cluster tells of itself over the protocol alone, and what may be done there for a run of the workload. Throws
 * broker-unreachable with the reason.
 */
export async function examineCluster(
  flags: ClusterFlags,
  asked: Workload | null = null,
): Promise<Examined[]> {
  const workload = asked ?? ofNoWorkload();
  const signal = new AbortController().signal;
  const chosen = await chooseCluster(flags, workload, () => {}, signal);
  try {
    const startedAt = performance.now();
    const session = await Session.open(chosen.underTest);
    const tookMs = performance.now() - startedAt;
    const { brokers } = session;
    const { info } = chosen.underTest;
    let leftTopics: string[] = [];
    let rights: Examined;
    try {
      rights = await examineRights(session, chosen.underTest, workload);
    } finally {
      leftTopics = await session.close();
    }
    const cluster = {
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
    } satisfies Examined;
    return [cluster, rights];
  } finally {
    await chosen.stop();
  }
}
