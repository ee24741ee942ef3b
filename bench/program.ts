import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { registerCatalog } from './commands/catalog.ts';
import { registerCluster } from './commands/cluster.ts';
import { registerCodecs } from './commands/codecs.ts';
import { registerCompare } from './commands/compare.ts';
import { registerHistory } from './commands/history.ts';
import { registerInfra } from './commands/infra.ts';
import { registerNightly } from './commands/nightly.ts';
import { registerPlot } from './commands/plot.ts';
import { registerReport } from './commands/report.ts';
import { registerRun } from './commands/run.ts';
import { registerSize } from './commands/size.ts';
import { registerValidate } from './commands/validate.ts';
import { describeError, EXIT, exitStatusOf } from './errors.ts';
import { packageRoot } from './package-root.ts';

// Commands import what they need when they run: help has to come at once.
const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

/** Runs one command line as `ksweep` does; its exit status is left in process.exitCode. Never throws. */
export async function runProgram(words: readonly string[]): Promise<void> {
  const program = new Command('ksweep')
    .description('Benchmark, compare and size Apache Kafka, with numbers that can be trusted.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  registerRun(program);
  registerValidate(program);
  registerReport(program);
  registerPlot(program);
  registerCompare(program);
  registerCodecs(program);
  registerSize(program);
  registerNightly(program);
  registerHistory(program);
  registerCluster(program);
  registerInfra(program);
  registerCatalog(program);

  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander has printed its message, help and version included.
      process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    } else {
      console.error(describeError(error));
      process.exitCode = exitStatusOf(error);
    }
  }
}
