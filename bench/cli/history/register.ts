import type { Command } from 'commander';
import type { ExitStatus } from '../../common/errors.ts';
import { collect } from '../collect.ts';
import type { ExplainFlags, HistoryFlags, ImportFlags, MarkFlags, ShowFlags } from './flags.ts';

/** Ends the worker threads that the command used: idle ones would hold the process up. */
async function finish(status: Promise<ExitStatus>): Promise<void> {
  try {
    process.exitCode = await status;
  } finally {
    const { closePool } = await import('../../common/pool.ts');
    await closePool();
  }
}

export function registerHistory(program: Command): void {
  const history = program.command('history').description('Read and annotate the history of nights.');
  const command = (name: string, description: string): Command =>
    history
      .command(name)
      .description(description)
      .requiredOption('--history <dir>', 'folder that `ksweep nightly --history` writes')
      .option('--json', 'print one JSON document on stdout');

  command('list', 'Every series, how many nights it has, and what is set aside.').action(
    async (flags: HistoryFlags) => {
      const { listHistory } = await import('./history-command.ts');
      await finish(listHistory(flags));
    },
  );
  command('show', 'Nights and changes of the series whose names hold a text.')
    .argument('[series]', 'part of the name, such as due-to-ack.p99')
    .option('--around <night>', 'what differed in the environment between this night and the one before it')
    .option('--delta <share>', 'change that matters, for every metric, such as 0.03')
    .option('--delta-for <metric=share>', 'the same for one metric; repeatable', collect, [])
    .action(async (series: string | undefined, flags: ShowFlags) => {
      const { showHistory } = await import('./show.ts');
      await finish(showHistory(series ?? '', flags));
    });
  command(
    'explain',
    'Why a series got its verdict on a night: stretches, p, magnitudes and the rule that decided.',
  )
    .argument('<series>', 'part of the name, such as due-to-ack.p99')
    .option('--night <night>', 'the night, or its beginning (default: the last one)')
    .option('--delta <share>', 'change that matters, for every metric, such as 0.03')
    .option('--delta-for <metric=share>', 'the same for one metric; repeatable', collect, [])
    .action(async (series: string, flags: ExplainFlags) => {
      const { explainHistory } = await import('./explain.ts');
      await finish(explainHistory(series, flags));
    });
  command('import', 'Add run folders as nights of their own, at the time when they were measured.')
    .argument('<run...>', 'run folders')
    .option('--suite <name>', 'suite to add them to (default: the workload’s name)')
    .option('--canary', 'they measured the canary')
    .option('--label <text>', 'what was under test')
    .option('--commit <id>', 'its commit')
    .action(async (runs: string[], flags: ImportFlags) => {
      const { importRuns } = await import('./history-command.ts');
      await finish(importRuns(runs, flags));
    });
  const marking = (name: string, description: string): Command =>
    command(name, description)
      .option('--night <night>', 'the night, or its beginning where only one night begins so')
      .option('--series <text>', 'only series whose names hold this text')
      .option('--by <who>', 'who says so (default: the user’s name)')
      .requiredOption('--why <text>', 'why');
  marking('accept', 'Accept a known change: it no longer warns or fails.').action(
    async (flags: MarkFlags) => {
      const { acceptChange } = await import('./history-command.ts');
      await finish(acceptChange(flags));
    },
  );
  marking('forget', 'Leave a night, or all nights up to now, out of every judgement; the lines stay.')
    .option('--all', 'all nights of the series')
    .action(async (flags: MarkFlags) => {
      const { forgetNights } = await import('./history-command.ts');
      await finish(forgetNights(flags));
    });
}
