import { stateFileOf } from './folders.ts';
import { type LocalBroker, localCluster } from './local-cluster.ts';
import { isAlive } from './processes.ts';
import { answers } from './ready.ts';
import { readState } from './state.ts';
import type { ClusterMode } from './versions.ts';

const ANSWER_LIMIT_MS = 2000;

export interface LocalClusterStatus {
  readonly name: string;
  /** `up`: every node runs and every broker answers. */
  readonly state: 'up' | 'degraded' | 'down';
  readonly kafkaVersion: string;
  readonly mode: ClusterMode;
  readonly bootstrapServers: string;
  readonly folder: string;
  /** `stuck`: the process runs and does not answer, as after SIGSTOP. */
  readonly brokers: readonly (LocalBroker & { readonly state: 'up' | 'stuck' | 'dead' })[];
}

/** Looks at a cluster that `ksweep cluster up` left running; undefined where there is none of that name. */
export async function localClusterStatus(name: string): Promise<LocalClusterStatus | undefined> {
  const file = stateFileOf(name);
  const state = readState(file);
  if (state === undefined) return undefined;
  const cluster = localCluster(file, state);
  const brokers = await Promise.all(
    cluster.brokers.map(async (broker) => {
      const up = broker.alive && (await answers(broker.address, state.plainText, ANSWER_LIMIT_MS));
      return {
        ...broker,
        state: up ? ('up' as const) : broker.alive ? ('stuck' as const) : ('dead' as const),
      };
    }),
  );
  const allUp = state.nodes.every(isAlive) && brokers.every((broker) => broker.state === 'up');
  const anyUp = brokers.some((broker) => broker.state === 'up');
  const { kafkaVersion, mode, bootstrapServers, folder } = cluster;
  const overall = allUp ? 'up' : anyUp ? 'degraded' : 'down';
  return { name, state: overall, kafkaVersion, mode, bootstrapServers, folder, brokers };
}

/** Stops it and removes its data, unless it was started with `keep` or `keep` is asked for now. */
export async function stopNamedCluster(
  name: string,
  keep: boolean,
): Promise<{ keptFolder: string | null } | undefined> {
  const file = stateFileOf(name);
  const state = readState(file);
  if (state === undefined) return undefined;
  const kept = state.keep || keep;
  await localCluster(file, { ...state, keep: kept }).stop();
  return { keptFolder: kept ? state.folder : null };
}
