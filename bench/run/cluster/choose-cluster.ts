import type { ClusterUnderTest } from '../../../infra/cluster-under-test.ts';
import { attachLocalCluster, startLocalCluster } from '../../../infra/local/cluster.ts';
import { stateFileOf } from '../../../infra/local/folders.ts';
import { localClusterMode } from '../../../infra/local/versions.ts';
import { parseEndpoints } from '../../brokers/scrape.ts';
import type { ClientSettings } from '../../client/driver.ts';
import { parseAddresses } from '../../client/reach/addresses.ts';
import { readClientSettings } from '../../client/security/client-properties.ts';
import { KsweepError } from '../../common/errors.ts';
import type { Workload } from '../../workload/schema.ts';
import { localUnderTest } from './local-under-test.ts';
import { provisioned } from './provisioned.ts';

/** The command-line options that choose the cluster under test. */
export interface ClusterFlags {
  readonly cluster?: string;
  readonly bootstrapServer?: string;
  readonly commandConfig?: string;
  readonly brokerMetrics?: string;
  readonly local?: true;
  readonly brokers?: string;
  readonly kafkaVersion?: string;
  readonly mode?: string;
  readonly keep?: true;
}

export interface ChosenCluster {
  readonly underTest: ClusterUnderTest;
  /** Ends what was started for this command; nothing for a cluster that was there before. */
  stop(): Promise<void>;
}

const DEFAULT_NAME = 'local';

/** bootstrap.servers as the workload's producer and consumer sections name it, where they do. */
function fromWorkload(workload: Workload): string | undefined {
  const named = [workload.producer, workload.consumer].flatMap((settings) => {
    const servers = settings['bootstrap.servers'];
    return servers === undefined ? [] : [String(servers)];
  });
  if (new Set(named).size > 1) {
    throw new KsweepError('workload-invalid', 'producer and consumer name different bootstrap.servers', {
      hint: 'one run measures one cluster',
    });
  }
  return named[0];
}

function refuseTogether(flags: ClusterFlags): void {
  if (flags.local === true && flags.bootstrapServer !== undefined) {
    throw new KsweepError(
      'usage',
      '--local starts a cluster and --bootstrap-server names one: give one of them',
    );
  }
  if (flags.cluster !== undefined && (flags.local === true || flags.bootstrapServer !== undefined)) {
    throw new KsweepError(
      'usage',
      '--cluster names a provisioned cluster: give neither --local nor --bootstrap-server',
    );
  }
  const ofLocal = flags.kafkaVersion ?? flags.mode ?? flags.keep ?? flags.brokers;
  if (flags.local !== true && ofLocal !== undefined) {
    throw new KsweepError('usage', '--brokers, --kafka-version, --mode and --keep go with --local');
  }
  if (flags.commandConfig !== undefined && (flags.local === true || flags.cluster !== undefined)) {
    throw new KsweepError(
      'usage',
      '--command-config is for a cluster of your own: --local and --cluster know their settings',
    );
  }
}

/** A workload that names its cluster is not run on another one while its manifest says that it was. */
function refuseNamed(flags: ClusterFlags, workload: Workload): void {
  const named = fromWorkload(workload);
  const chosen = flags.local === true ? '--local' : flags.cluster === undefined ? undefined : '--cluster';
  if (named === undefined || chosen === undefined) return;
  throw new KsweepError(
    'usage',
    `the workload names its cluster, bootstrap.servers ${named}, and ${chosen} another`,
    {
      hint: `leave out ${chosen}, or take bootstrap.servers out of the workload`,
    },
  );
}

/**
 * Refuses, before anything is looked for or started, what the options ask for and would not get. A dry run does no more.
 * @returns the client settings that the properties file and the environment give
 */
export function checkClusterFlags(
  flags: ClusterFlags,
  workload: Workload,
  onProgress: (line: string) => void,
): ClientSettings {
  if (flags.brokerMetrics?.trim() === '') {
    throw new KsweepError('usage', '--broker-metrics names no page', {
      hint: 'expected addresses such as http://kafka-1:9404/metrics, separated by commas',
    });
  }
  parseEndpoints((flags.brokerMetrics?.split(',') ?? workload.brokers.metrics).join(','));
  refuseTogether(flags);
  refuseNamed(flags, workload);
  const brokers = flags.brokers ?? '1';
  if (!/^[1-5]$/.test(brokers)) throw new KsweepError('usage', `--brokers ${brokers}: expected 1 to 5`);
  const settings = readClientSettings(flags.commandConfig, process.env, onProgress);
  if (flags.local === true || flags.cluster !== undefined) {
    refuseSecurity(settings, flags.local === true ? '--local' : '--cluster');
  }
  const servers = flags.bootstrapServer ?? fromWorkload(workload) ?? settings['bootstrap.servers'];
  if (servers !== undefined) parseAddresses(String(servers));
  return settings;
}

/**
 * Finds or starts the cluster under test: --local, --bootstrap-server, the properties file, the workload, or `ksweep cluster up`.
 * @param loadHosts by name; none: the load is generated on this machine
 */
export async function chooseCluster(
  flags: ClusterFlags,
  workload: Workload,
  onProgress: (line: string) => void,
  signal: AbortSignal,
  loadHosts: readonly string[] = [],
): Promise<ChosenCluster> {
  const settings = checkClusterFlags(flags, workload, onProgress);
  const named = flags.brokerMetrics?.split(',') ?? workload.brokers.metrics;
  const chosen = await choose(flags, workload, settings, onProgress, signal, loadHosts);
  if (named.length === 0) return chosen;
  return { ...chosen, underTest: { ...chosen.underTest, metrics: named } };
}

async function choose(
  flags: ClusterFlags,
  workload: Workload,
  settings: ClientSettings,
  onProgress: (line: string) => void,
  signal: AbortSignal,
  loadHosts: readonly string[],
): Promise<ChosenCluster> {
  if (flags.local === true) {
    const cluster = await startLocalCluster({
      brokers: Number(flags.brokers ?? 1),
      ...(flags.kafkaVersion === undefined ? {} : { kafkaVersion: flags.kafkaVersion }),
      ...(flags.mode === undefined ? {} : { mode: localClusterMode(flags.mode) }),
      ...(flags.keep === undefined ? {} : { keep: flags.keep }),
      onProgress,
      signal,
    });
    if (flags.keep === true) onProgress(`its data and logs are kept in ${cluster.folder}`);
    const stop = async (): Promise<void> => {
      await cluster.stop();
      if (flags.keep === true) onProgress(`kept: ${cluster.folder} (data, logs, how each node was started)`);
    };
    return { underTest: { ...localUnderTest(cluster), cold: true }, stop };
  }
  if (flags.cluster !== undefined) {
    return { underTest: await provisioned(flags.cluster, loadHosts), stop: async () => {} };
  }
  const servers = flags.bootstrapServer ?? fromWorkload(workload) ?? settings['bootstrap.servers'];
  if (servers === undefined) {
    const running = attachLocalCluster(stateFileOf(DEFAULT_NAME));
    if (running === undefined) {
      throw new KsweepError('usage', 'there is no cluster to measure', {
        hint: 'add --local for a Kafka on this machine, or --bootstrap-server host:port for your own',
      });
    }
    refuseSecurity(settings, 'the local cluster');
    return { underTest: withIdentity(localUnderTest(running), settings), stop: async () => {} };
  }
  const bootstrapServers = String(servers);
  // One of ours on this machine can be observed and disturbed, also where it is given by address.
  const own = attachLocalCluster(bootstrapServers);
  if (own !== undefined) {
    refuseSecurity(settings, 'the local cluster at that address');
    return { underTest: withIdentity(localUnderTest(own), settings), stop: async () => {} };
  }
  return {
    underTest: {
      info: {
        bootstrapServers,
        kafkaVersion: null,
        mode: null,
        local: isLoopback(bootstrapServers),
        hardware: null,
      },
      connection: { ...settings, 'bootstrap.servers': bootstrapServers },
      control: null,
    },
    stop: async () => {},
  };
}

/** Security that was asked for and would not be used is an error, and never a run in plain text that says nothing. */
function refuseSecurity(settings: ClientSettings, what: string): void {
  const asked = Object.keys(settings).filter((key) => /^(security|sasl|ssl)\./.test(key));
  if (asked.length === 0) return;
  throw new KsweepError(
    'usage',
    `${what} answers in plain text, and these settings ask for more: ${asked.join(', ')}`,
    {
      hint: 'take them out of the properties file and the KSWEEP_ variables, or name the cluster that they are for by --bootstrap-server',
    },
  );
}

/** What a properties file says beside addresses and security. */
function withIdentity(underTest: ClusterUnderTest, settings: ClientSettings): ClusterUnderTest {
  const clientId = settings['client.id'];
  if (clientId === undefined) return underTest;
  return { ...underTest, connection: { ...underTest.connection, 'client.id': clientId } };
}

function isLoopback(servers: string): boolean {
  return servers
    .split(',')
    .every((server) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(server.trim()));
}
