import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KsweepError } from '../../bench/common/errors.ts';
import { packageRoot } from '../../bench/common/package-root.ts';
import { stateFileOf, stateFolder } from './folders.ts';
import { agentJarIn, kafkaJars, versionOfHome } from './jars.ts';
import { javaCommand } from './java.ts';
import { launch, runJava } from './launch.ts';
import {
  type ClientProtocol,
  jvmArguments,
  metricsAgent,
  type NodePlan,
  planNodes,
  portsNeeded,
} from './layout.ts';
import { type LocalCluster, localCluster } from './local-cluster.ts';
import { freePorts } from './ports.ts';
import { allEnded, signalProcess } from './processes.ts';
import { type Deadline, deadlineIn, PortTaken, waitUntilReady } from './ready.ts';
import { type ClusterState, readState, stateFiles, writeState } from './state.ts';
import { type ClusterMode, type ClusterShape, clusterShape } from './versions.ts';
import { bringsBack, startWatcher } from './watch.ts';

export type { LocalCluster } from './local-cluster.ts';

/** For formatting, starting and all tries with other ports together; the rest of 60 s is for ending what hangs. */
const START_LIMIT_MS = 55_000;
const KILL_LIMIT_MS = 4_000;
const PORT_ATTEMPTS = 3;

export interface LocalClusterOptions {
  /** 1 to 5. */
  readonly brokers: number;
  /** One of KAFKA_VERSIONS, or the version in KAFKA_HOME. Default: that one, else the newest that has the mode. */
  readonly kafkaVersion?: string;
  readonly mode?: ClusterMode;
  /** KRaft controllers or ZooKeeper servers: 1 or 3. Default: 1 below three brokers, else 3. */
  readonly quorum?: number;
  /** Keep the data after `stop()`; the nodes are then shut down cleanly. */
  readonly keep?: boolean;
  /** Further lines of every broker's server.properties. */
  readonly brokerConfigs?: Readonly<Record<string, string>>;
  /** Security of the listener behind `bootstrapServers`; its keys and users come in `brokerConfigs`. */
  readonly protocol?: ClientProtocol;
  /** Address of this machine that clients are told to connect to. Default: the loopback. */
  readonly listenOn?: string;
  /** Leave it running when this process ends, and find it again by this name. Default: it dies with this process. */
  readonly detachedAs?: string;
  /** How long it may take until it is ready, once the jars are there. Default: 55 s. */
  readonly limitMs?: number;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Starts a real Apache Kafka on loopback and resolves when every broker is registered and answers.
 * Throws KsweepError: `usage` for what cannot be asked for, `setup-failed` without Java or Maven,
 * `cluster-failed` with the node's last log lines when one dies or is not ready in time.
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const home = process.env['KAFKA_HOME'];
  const shape = clusterShape(options, home ? versionOfHome(home) : undefined);
  const progress = options.onProgress ?? (() => undefined);
  const jars = await kafkaJars(shape.kafkaVersion, { onProgress: progress, signal: options.signal });
  const noun = shape.brokers === 1 ? 'broker' : 'brokers';
  progress(
    `starting Apache Kafka ${shape.kafkaVersion} (${shape.mode}), ${shape.brokers} ${noun} on loopback`,
  );

  const deadline = deadlineIn(options.limitMs ?? START_LIMIT_MS);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options, shape, jars, deadline);
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
      if (attempt === PORT_ATTEMPTS) {
        throw new KsweepError('cluster-failed', `${error.message}, ${attempt} times in a row`, {
          cause: error,
        });
      }
      progress(`${error.message}; trying other ports`);
    }
  }
}

async function startOnce(
  options: LocalClusterOptions,
  shape: ClusterShape,
  jars: string,
  deadline: Deadline,
): Promise<LocalCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-kafka-'));
  const name = options.detachedAs ?? 'run';
  const stateFile =
    options.detachedAs === undefined ? join(folder, 'state.json') : stateFileOf(options.detachedAs);
  const watcher = options.detachedAs === undefined ? startWatcher(stateFile) : undefined;
  const { kafkaVersion, mode } = shape;
  const state: ClusterState = {
    schema: 1,
    name,
    kafkaVersion,
    mode,
    folder,
    keep: options.keep ?? false,
    jars,
    plainText: (options.protocol ?? 'PLAINTEXT') === 'PLAINTEXT',
    nodes: [],
  };
  try {
    const plans = planNodes(shape, folder, await freePorts(portsNeeded(shape), options.listenOn), options);
    for (const plan of plans) prepare(plan);
    if (mode === 'kraft') await format(plans, jars, deadline, options.signal);
    const agentJar = agentJarIn(jars);
    const rules = join(packageRoot(), 'infra', 'ansible', 'roles', 'kafka', 'files', 'jmx-exporter.yml');
    for (const plan of plans) {
      const assets = join(packageRoot(), 'infra', 'local');
      const jvm = jvmArguments(shape, plan.role, assets);
      const agent = metricsAgent(plan, agentJar, rules);
      const command = [javaCommand(), ...jvm, ...agent, '-cp', join(jars, '*'), ...plan.main];
      const logFile = join(plan.folder, 'node.log');
      const id = launch(command, logFile);
      const { role, address, logDir } = plan;
      const metricsAddress = agent.length === 0 ? null : plan.metricsAddress;
      state.nodes.push({ role, id: plan.id, ...id, address, logFile, logDir, metricsAddress, command });
      // Written after each start: a kill between two leaves none that the watcher or `ksweep cluster down` does not know.
      writeState(stateFile, state);
    }
    await waitUntilReady(state.nodes, { deadline, plainText: state.plainText, signal: options.signal });
  } catch (error) {
    for (const node of state.nodes) signalProcess(node, 'SIGKILL');
    await allEnded(state.nodes, KILL_LIMIT_MS);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    rmSync(stateFile, { force: true });
    watcher?.release();
    throw error;
  }
  return localCluster(stateFile, state, { onStopped: () => watcher?.release() });
}

/**
 * A cluster that `ksweep cluster up` left running.
 * @param which its state file, or its bootstrap servers
 * @returns undefined where there is none such, or none of its brokers runs
 */
export function attachLocalCluster(which: string): LocalCluster | undefined {
  const byFile = which.endsWith('.json');
  for (const file of byFile ? [which] : stateFiles(stateFolder())) {
    const state = byFile ? readState(file) : readableState(file);
    if (state === undefined) continue;
    const cluster = localCluster(file, state, bringsBack(file));
    const wanted = byFile || sameServers(which, cluster.bootstrapServers);
    if (wanted && cluster.brokers.some((broker) => broker.alive)) return cluster;
  }
  return undefined;
}

/** A file of another version does not hinder the measuring of a cluster elsewhere. */
function readableState(file: string): ClusterState | undefined {
  try {
    return readState(file);
  } catch {
    return undefined;
  }
}

/** Every server asked for is one of the cluster's; localhost and 127.0.0.1 are the same. */
function sameServers(asked: string, running: string): boolean {
  const parse = (list: string): string[] =>
    list.split(',').map((server) => server.trim().replace(/^localhost:/, '127.0.0.1:'));
  const known = new Set(parse(running));
  return parse(asked).every((server) => known.has(server));
}

function prepare(plan: NodePlan): void {
  mkdirSync(plan.logDir, { recursive: true });
  writeFileSync(plan.configFile, plan.configText, { mode: 0o600 });
  if (plan.role === 'zookeeper') writeFileSync(join(plan.logDir, 'myid'), `${plan.id}\n`);
}

async function format(
  plans: readonly NodePlan[],
  jars: string,
  deadline: Deadline,
  signal?: AbortSignal,
): Promise<void> {
  // In one argument with its option: an id may begin with a dash.
  const clusterId = `--cluster-id=${randomBytes(16).toString('base64url')}`;
  // Short-lived JVMs: the first compiler tier only starts them in half the time.
  const jvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-cp', join(jars, '*')];
  await Promise.all(
    plans.map(({ configFile }) =>
      runJava([...jvm, 'kafka.tools.StorageTool', 'format', clusterId, '-c', configFile], {
        limitMs: deadline.atMs - Date.now(),
        signal,
      }),
    ),
  );
}
