import { existsSync, rmSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KsweepError } from '../../bench/common/errors.ts';
import { launch } from './launch.ts';
import { allEnded, cpuUsOf, isAlive, signalProcess } from './processes.ts';
import { deadlineIn, waitUntilReady } from './ready.ts';
import { type ClusterState, type NodeState, writeState } from './state.ts';
import type { ClusterMode } from './versions.ts';

const READY_LIMIT_MS = 50_000;
const STOP_LIMIT_MS = 15_000;

export interface LocalBroker {
  readonly id: number;
  readonly pid: number;
  readonly address: string;
  readonly logDir: string;
  readonly metricsAddress: string | null;
  readonly alive: boolean;
}

interface BrokerCpu {
  /** Used since the brokers' start, µs. */
  readonly cpuUs: number;
  /** Which processes used it: two figures can be compared only where these are the same. */
  readonly processes: string;
}

/** A real Apache Kafka on this machine. Broker indices count from 0; broker ids from 1. */
export interface LocalCluster {
  readonly name: string;
  readonly bootstrapServers: string;
  readonly kafkaVersion: string;
  readonly mode: ClusterMode;
  readonly stateFile: string;
  /** Where all nodes log and store. */
  readonly folder: string;
  readonly brokers: readonly LocalBroker[];
  /** Kafka's jars as a Java class path; it holds org.apache.kafka.tools and HdrHistogram too. */
  readonly jars: string;
  /** Ends all nodes and removes their data, unless the cluster was started with `keep`. May be called twice. */
  stop(): Promise<void>;
  signalBroker(index: number, signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void;
  /** Ends the broker where it still runs, starts it with its data and waits until it is ready. */
  restartBroker(index: number): Promise<void>;
  /** CPU time of all brokers; null where one does not run or the system does not tell. */
  cpu(): BrokerCpu | null;
  /** Log bytes of a topic on all brokers' disks, replicas included; null where no broker has the topic. */
  topicBytes(topic: string): Promise<number | null>;
}

export interface ClusterOwnership {
  /** Called before a broker is paused or killed, so that it can be brought back when this process is gone. */
  readonly onDown?: (index: number, signal: 'SIGSTOP' | 'SIGKILL') => void;
  /** Called when that broker runs again. */
  readonly onBack?: (index: number) => void;
  /** Called once, when all nodes have ended and nothing is left to clean up. */
  readonly onStopped?: () => void;
}

/** The handle on a cluster whose nodes run (or ran) as its state says. */
export function localCluster(
  stateFile: string,
  state: ClusterState,
  owner: ClusterOwnership = {},
): LocalCluster {
  const brokerNodes = (): NodeState[] => state.nodes.filter((node) => node.role === 'broker');
  const brokerAt = (index: number): NodeState => {
    const node = brokerNodes()[index];
    if (node === undefined) throw new RangeError(`no broker at index ${index}`);
    return node;
  };
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    if (state.keep) await stopInTurn(state.nodes);
    // Data that is about to be removed needs no clean shutdown.
    for (const node of state.nodes) signalProcess(node, 'SIGKILL');
    if (!(await allEnded(state.nodes, STOP_LIMIT_MS))) {
      throw new KsweepError('cluster-failed', `a node of local cluster "${state.name}" does not end`, {
        hint: `see ${stateFile} for the process ids`,
      });
    }
    if (!state.keep) rmSync(state.folder, { recursive: true, force: true, maxRetries: 5 });
    // Beside kept data it says how each node was started; elsewhere it says that the cluster runs.
    if (dirname(stateFile) !== state.folder) rmSync(stateFile, { force: true });
    owner.onStopped?.();
  }

  return {
    name: state.name,
    bootstrapServers: brokerNodes()
      .map((node) => node.address)
      .join(','),
    kafkaVersion: state.kafkaVersion,
    mode: state.mode,
    stateFile,
    folder: state.folder,
    jars: join(state.jars, '*'),
    get brokers() {
      return brokerNodes().map((node) => ({
        id: node.id,
        pid: node.pid,
        address: node.address,
        logDir: node.logDir,
        metricsAddress: node.metricsAddress,
        alive: isAlive(node),
      }));
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
    signalBroker: (index, signal) => {
      if (signal !== 'SIGCONT') owner.onDown?.(index, signal);
      signalProcess(brokerAt(index), signal);
      if (signal === 'SIGCONT') owner.onBack?.(index);
    },
    restartBroker: async (index) => {
      const node = brokerAt(index);
      signalProcess(node, 'SIGKILL');
      await allEnded([node], STOP_LIMIT_MS);
      const offset = existsSync(node.logFile) ? statSync(node.logFile).size : 0;
      Object.assign(node, launch(node.command, node.logFile));
      writeState(stateFile, state);
      owner.onBack?.(index);
      await waitUntilReady([node], {
        deadline: deadlineIn(READY_LIMIT_MS),
        plainText: state.plainText,
        offsets: new Map([[node, offset]]),
      });
    },
    cpu: () => cpuOf(brokerNodes()),
    topicBytes: async (topic) =>
      sumOrNull(await Promise.all(brokerNodes().map((n) => logBytes(n.logDir, topic)))),
  };
}

/** One that is gone would count as 0, and one that was restarted begins at 0. */
function cpuOf(brokers: readonly NodeState[]): BrokerCpu | null {
  let cpuUs = 0;
  for (const broker of brokers) {
    const used = cpuUsOf(broker);
    if (used === null) return null;
    cpuUs += used;
  }
  return { cpuUs, processes: brokers.map(({ pid, started }) => `${pid}@${started}`).join(' ') };
}

/** Null where nothing is known at all; an unknown part counts as 0. */
function sumOrNull(parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
}

/** Sizes of the log segments of one topic's partitions in one broker's log folder. */
async function logBytes(logDir: string, topic: string): Promise<number | null> {
  const folders = (await readdir(logDir).catch(() => [])).filter(
    (name) => name.startsWith(`${topic}-`) && /^\d+$/.test(name.slice(topic.length + 1)),
  );
  if (folders.length === 0) return null;
  let total = 0;
  for (const folder of folders) {
    for (const file of await readdir(join(logDir, folder)).catch(() => [])) {
      if (!file.endsWith('.log')) continue;
      // A segment may be deleted while it is being looked at.
      total += (await stat(join(logDir, folder, file)).catch(() => ({ size: 0 }))).size;
    }
  }
  return total;
}

/** Clean shutdown: brokers first, together, then what holds the metadata. */
async function stopInTurn(nodes: readonly NodeState[]): Promise<void> {
  for (const role of ['broker', 'zookeeper'] as const) {
    const some = nodes.filter((node) => node.role === role);
    for (const node of some) {
      signalProcess(node, 'SIGCONT');
      signalProcess(node, 'SIGTERM');
    }
    await allEnded(some, STOP_LIMIT_MS);
  }
}
