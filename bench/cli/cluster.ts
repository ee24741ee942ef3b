import type { Command } from 'commander';
import { EXIT, KsweepError } from '../common/errors.ts';

interface UpFlags {
  readonly name: string;
  readonly brokers: string;
  readonly kafkaVersion?: string;
  readonly mode?: string;
  readonly ensemble?: string;
  readonly keep?: true;
  readonly json?: true;
}

interface NamedFlags {
  readonly name: string;
  readonly keep?: true;
  readonly json?: true;
}

const NAME_OPTION = ['--name <name>', 'which local cluster', 'local'] as const;

/** `ksweep cluster up|status|down`: a local cluster that stays between runs. */
export function registerCluster(program: Command): void {
  const cluster = program
    .command('cluster')
    .description('Start, inspect and stop a real Apache Kafka on this machine.');
  cluster
    .command('up')
    .description('Start a cluster on loopback and leave it running.')
    .option(...NAME_OPTION)
    .option('--brokers <n>', '1 to 5', '1')
    .option('--kafka-version <v>', 'the release to run (default: 4.3.0; 3.9.2 with ZooKeeper)')
    .option('--mode <mode>', 'kraft or zookeeper', 'kraft')
    .option('--ensemble <n>', 'KRaft controllers or ZooKeeper servers, 1 or 3 (default: 1 below 3 brokers)')
    .option('--keep', 'keep the data when the cluster is stopped')
    .option('--json', 'print one JSON document on stdout')
    .action(up);
  cluster
    .command('status')
    .description('Show the state of each broker; exit 2 if one is down or there is none.')
    .option(...NAME_OPTION)
    .option('--json', 'print one JSON document on stdout')
    .action(status);
  cluster
    .command('down')
    .description('Stop a cluster and remove its data.')
    .option(...NAME_OPTION)
    .option('--keep', 'keep its data')
    .option('--json', 'print one JSON document on stdout')
    .action(down);
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw new KsweepError(
    'usage',
    `"${name}" is not a name for a cluster: letters, digits, ".", "_" and "-" only`,
  );
}

function wholeNumber(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new KsweepError('usage', `${option} ${text}: expected a whole number`);
}

async function up(flags: UpFlags): Promise<void> {
  const name = checkedName(flags.name);
  const { attachLocalCluster, startLocalCluster } = await import('../../infra/local/cluster.ts');
  const { stateFileOf } = await import('../../infra/local/folders.ts');
  const { stopNamedCluster } = await import('../../infra/local/named.ts');
  const { localClusterMode } = await import('../../infra/local/versions.ts');
  const brokers = wholeNumber('--brokers', flags.brokers);
  const quorum = flags.ensemble === undefined ? undefined : wholeNumber('--ensemble', flags.ensemble);
  const mode = localClusterMode(flags.mode ?? 'kraft');

  const running = attachLocalCluster(stateFileOf(name));
  if (running !== undefined) {
    throw new KsweepError('usage', `local cluster "${name}" runs already at ${running.bootstrapServers}`, {
      hint: `stop it with \`ksweep cluster down --name ${name}\`, or choose another --name`,
    });
  }
  // What a cluster that died left behind.
  const left = await stopNamedCluster(name, false);
  if (left !== undefined && left.keptFolder !== null) {
    console.error(`${name}: it had died; its data are kept in ${left.keptFolder}`);
  }
  const interrupt = new AbortController();
  const onSignal = (): void =>
    interrupt.abort(new KsweepError('interrupted', 'interrupted while the cluster was starting'));
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const cluster = await startLocalCluster({
      brokers,
      mode,
      ...(flags.kafkaVersion === undefined ? {} : { kafkaVersion: flags.kafkaVersion }),
      ...(quorum === undefined ? {} : { quorum }),
      keep: flags.keep ?? false,
      detachedAs: name,
      onProgress: (line) => console.error(line),
      signal: interrupt.signal,
    });
    const { bootstrapServers, kafkaVersion, folder } = cluster;
    if (flags.json) {
      console.log(
        JSON.stringify({ name, bootstrapServers, kafkaVersion, mode, folder, brokers: cluster.brokers }),
      );
    } else {
      console.log(bootstrapServers);
      console.error(`ready; stop it with \`ksweep cluster down --name ${name}\``);
    }
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
}

async function status(flags: NamedFlags): Promise<void> {
  const name = checkedName(flags.name);
  const { localClusterStatus } = await import('../../infra/local/named.ts');
  const found = await localClusterStatus(name);
  if (found === undefined) {
    if (flags.json) console.log(JSON.stringify({ name, state: 'none', brokers: [] }));
    else console.log(`${name}: no such local cluster`);
    process.exitCode = EXIT.harness;
    return;
  }
  if (flags.json) {
    console.log(JSON.stringify(found));
  } else {
    console.log(`${name}: Apache Kafka ${found.kafkaVersion} (${found.mode}), ${found.state}`);
    for (const broker of found.brokers) {
      console.log(`  broker ${broker.id}  ${broker.address}  pid ${broker.pid}  ${broker.state}`);
    }
  }
  if (found.state !== 'up') process.exitCode = EXIT.harness;
}

async function down(flags: NamedFlags): Promise<void> {
  const name = checkedName(flags.name);
  const { stopNamedCluster } = await import('../../infra/local/named.ts');
  const stopped = await stopNamedCluster(name, flags.keep ?? false);
  if (flags.json) {
    console.log(
      JSON.stringify({ name, stopped: stopped !== undefined, keptFolder: stopped?.keptFolder ?? null }),
    );
  } else if (stopped === undefined) {
    console.error(`${name}: no such local cluster; nothing to stop`);
  } else {
    console.error(
      stopped.keptFolder === null
        ? `${name}: stopped, its data removed`
        : `${name}: stopped, its data kept in ${stopped.keptFolder}`,
    );
  }
}
