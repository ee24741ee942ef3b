import type { Command } from 'commander';
import { KsweepError } from '../common/errors.ts';
import type { ClusterFlags } from '../run/cluster/choose-cluster.ts';
import { collect } from './collect.ts';

export interface RunFlags extends ClusterFlags {
  readonly set: string[];
  readonly against?: string;
  readonly metricsListen?: string;
  readonly findMax?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly results: string;
  readonly resume?: string;
}

/** The options that choose the cluster under test, shared by every command that measures. */
export function addClusterOptions(command: Command): Command {
  return command
    .option('--bootstrap-server <host:port,…>', 'an existing cluster')
    .option('--command-config <file>', 'client properties for it (Kafka’s names): TLS, SASL')
    .option('--cluster <name>', 'a cluster that `ksweep infra up` made')
    .option('--local', 'start a real Apache Kafka on this machine for this run, and remove it afterwards')
    .option('--brokers <n>', 'with --local: brokers, 1 to 5 (default: 1)')
    .option('--kafka-version <v>', 'with --local: the release to run')
    .option('--mode <mode>', 'with --local: kraft or zookeeper')
    .option('--keep', 'with --local: keep the brokers’ data');
}

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('Run a workload’s sweep against a cluster and write a run folder.')
    .argument('[workload]', 'workload file (YAML); with --resume it may be left out')
    .option('--set <key=value>', 'override a setting of the workload; repeatable', collect, [])
    .option('--against <dir>', 'measure an earlier run’s configuration again in the same blocks, and compare')
    .option('--find-max', 'search the highest rate that each cell sustains, whatever load.rate says')
    .option('--dry-run', 'print the cells, their order and the estimated time, and stop')
    .option(
      '--metrics-listen <[host:]port>',
      'serve OpenMetrics at /metrics while it runs; a port alone is loopback',
    )
    .option('--resume <dir>', 'go on with a run that was cut off')
    .option('--results <dir>', 'where run folders go', 'results')
    .option('--json', 'print one JSON document on stdout');
  addClusterOptions(command).action(async (file: string | undefined, flags: RunFlags) => {
    if (file === undefined && flags.resume === undefined) {
      throw new KsweepError('usage', 'ksweep run needs a workload file', {
        hint: 'try `ksweep run workloads/quickstart.yaml --local`',
      });
    }
    const { runCommand } = await import('../jobs/run-and-report.ts');
    process.exitCode = await runCommand(file, flags);
  });
}
