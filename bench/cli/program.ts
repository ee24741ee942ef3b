import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { describeError, EXIT, exitStatusOf } from '../common/errors.ts';
import { packageRoot } from '../common/package-root.ts';
import { registerCatalog } from './catalog/register.ts';
import { registerCluster } from './cluster.ts';
import { registerCodecs } from './codecs/register.ts';
import { registerCompare } from './compare.ts';
import { registerDoctor } from './doctor.ts';
import { registerHistory } from './history/register.ts';
import { registerInfra } from './infra/register.ts';
import { registerNightly } from './nightly/register.ts';
import { registerOmb } from './omb/register.ts';
import { registerPerf } from './perf/register.ts';
import { registerPlot } from './plot.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run/register.ts';
import { registerSize } from './size/register.ts';
import { registerValidate } from './validate.ts';
import { refuseUnknownVariables } from './variables.ts';

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
    .configureHelp({ showGlobalOptions: true })
    .hook('preAction', () => refuseUnknownVariables());

  registerRun(program);
  registerValidate(program);
  registerReport(program);
  registerPlot(program);
  registerCompare(program);
  registerCodecs(program);
  registerSize(program);
  registerNightly(program);
  registerHistory(program);
  registerPerf(program);
  registerOmb(program);
  registerCluster(program);
  registerDoctor(program);
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
