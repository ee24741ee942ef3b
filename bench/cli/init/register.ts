import { type Command, Option } from 'commander';
import type { InitFlags } from './flags.ts';
import { TOPIC_NAMES } from './questions.ts';

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('Write a commented workload file: asks five questions, or takes the answers as options.')
    .argument('[file]', 'workload file to write', 'workload.yaml')
    .addOption(new Option('--about <question>', 'what you want to know').choices(TOPIC_NAMES))
    .option('--load <rate>', 'offered rate, or max; with --about highest-rate the limit of the p99')
    .option('--records <size>', 'size of a record, or the path of a file of records')
    .option('--partitions <n>', 'partitions of the topic')
    .option('--repeats <n>', 'repeats of each cell')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print one JSON document on stdout, and ask nothing')
    .action(async (file: string, flags: InitFlags) => {
      const { initCommand } = await import('./init-command.ts');
      await initCommand(file, flags);
    });
}
