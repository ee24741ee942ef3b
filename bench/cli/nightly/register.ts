import type { Command } from 'commander';
import { addClusterOptions, addLoadHostsOption } from '../cluster-options.ts';
import { collect } from '../collect.ts';
import type { NightlyFlags } from './flags.ts';

export function registerNightly(program: Command): void {
  const command = program
    .command('nightly')
    .description(
      'Measure one night, compare it with the history, and fail only if something got slower beyond noise.',
    )
    .requiredOption('--workload <file>', 'the suite: a workload with its sweep')
    .requiredOption('--history <dir>', 'folder of the history; made where it is missing')
    .option(
      '--canary <file>',
      'what is measured first and last with everything pinned (default: the shipped one)',
    )
    .option('--canary-bootstrap-server <host:port,…>', 'the canary’s cluster, where it is not the suite’s')
    .option('--canary-kafka-version <v>', 'with --local: the release that the canary always runs on')
    .option('--set <key=value>', 'override a setting of the suite; repeatable', collect, [])
    .option('--label <text>', 'what is under test tonight, such as a version')
    .option('--commit <id>', 'its commit (default: the one checked out here)')
    .option(
      '--time-budget <duration>',
      'for the whole night, such as 4h: the least informative repeats go first',
    )
    .option('--disk-limit <size>', 'for run folders and histograms; the history itself is kept', '20GB')
    .option('--keep-raw <nights>', 'nights that keep their raw histograms', '14')
    .option('--resume-within <duration>', 'how old a night that was cut off may be to go on', '18h')
    .option('--resume-only', 'continue a night that was cut off, or do nothing')
    .option('--delta <share>', 'change that matters, for every metric, such as 0.03')
    .option('--delta-for <metric=share>', 'the same for one metric; repeatable', collect, [])
    .option(
      '--history-remote <url>',
      'S3-compatible storage to share the history through, such as s3://bucket/prefix',
    )
    .option('--history-client <name>', 'command that reaches it: aws, rclone or mc', 'aws')
    .option('--history-commit', 'commit the history to the git work tree that it lies in')
    .option('--json', 'print one JSON document on stdout');
  addClusterOptions(addLoadHostsOption(command)).action(async (flags: NightlyFlags) => {
    const { nightlyCommand } = await import('./nightly-command.ts');
    process.exitCode = await nightlyCommand(flags);
  });
}
