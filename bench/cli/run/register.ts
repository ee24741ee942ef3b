import { type Command, Option } from 'commander';
import { CLIENT_NAMES } from '../../client/choose.ts';
import { KsweepError } from '../../common/errors.ts';
import { addClusterOptions, addLoadHostsOption, CLUSTER_OPTIONS } from '../cluster-options.ts';
import { collect } from '../collect.ts';
import { refuseBeside } from '../given.ts';
import type { RunFlags } from './flags.ts';

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('Run a workload’s sweep against a cluster and write a run folder.')
    .argument('[workload]', 'workload file (YAML); with --resume it may be left out')
    .option('--set <key=value>', 'override a setting of the workload; repeatable', collect, [])
    .option('--against <dir>', 'measure an earlier run’s configuration again in the same blocks, and compare')
    .option('--find-max', 'search for the highest rate that each cell sustains, in place of load.rate')
    .option(
      '--max-load <rate>',
      'refuse a plan that may offer more, such as 20MB/s of payload or 50k/s, and keep searches below it; replication is not counted',
    )
    .option(
      '--adapt',
      'where the brokers refuse a topic, measure the nearest one that they take (replication factor, configs), and mark it',
    )
    .option('--dry-run', 'print the cells, their order and the estimated time, and stop')
    .option(
      '--metrics-listen <[host:]port>',
      'serve OpenMetrics at /metrics while it runs; a port alone is loopback',
    )
    .option(
      '--calm <duration>',
      'how long to wait for stolen CPU time to end before a repeat that it spoiled is tried again; 0s: do not wait',
      '30s',
    )
    .addOption(
      new Option(
        '--client <name>',
        'batch: ksweep’s own, the default where it is built; confluent: what a Node application sees',
      ).choices(CLIENT_NAMES),
    )
    .option('--resume <dir>', 'continue a run that was cut off')
    .option('--results <dir>', 'where run folders go', 'results')
    .option('--json', 'print one JSON document on stdout');
  addClusterOptions(addLoadHostsOption(command, ', kubernetes[:NAMESPACE]')).action(
    async (file: string | undefined, flags: RunFlags) => {
      if (flags.resume !== undefined) {
        const allowed = [
          ...CLUSTER_OPTIONS,
          'set',
          'findMax',
          'maxLoad',
          'adapt',
          'metricsListen',
          'calm',
          'loadHosts',
          'json',
          'dryRun',
          'against',
        ];
        refuseBeside(command, '--resume', 'a resumed run stays in its own folder', allowed);
      }
      if (file === undefined && flags.resume === undefined) {
        throw new KsweepError('usage', 'ksweep run needs a workload file', {
          hint: 'try `ksweep run workloads/quickstart.yaml --local`',
        });
      }
      const { runCommand } = await import('./run-command.ts');
      process.exitCode = await runCommand(file, flags);
    },
  );
}
