import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, type HelpContext, Option } from 'commander';
import { EXIT, exitStatusOf } from '../common/errors.ts';
import { packageRoot } from '../common/package-root.ts';
import { LANGUAGES, type Language, setLanguage } from '../messages/language.ts';
import { registerAgent } from './agent.ts';
import { registerAgents } from './agents.ts';
import { registerCatalog } from './catalog/register.ts';
import { registerCluster } from './cluster.ts';
import { registerCodecs } from './codecs/register.ts';
import { registerCompare } from './compare.ts';
import { registerCompletion } from './completion/register.ts';
import { tellError } from './describe-error.ts';
import { registerDoctor } from './doctor.ts';
import { registerExplain } from './explain.ts';
import { firstScreen } from './first-screen.ts';
import { registerHistory } from './history/register.ts';
import { registerInfra } from './infra/register.ts';
import { registerInit } from './init/register.ts';
import { registerNightly } from './nightly/register.ts';
import { registerOmb } from './omb/register.ts';
import { registerPerf } from './perf/register.ts';
import { registerPlot } from './plot.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run/register.ts';
import { registerSample } from './sample/register.ts';
import { registerSize } from './size/register.ts';
import { registerValidate } from './validate.ts';
import { refuseUnknownVariables } from './variables.ts';

// Commands import what they need when they run: help has to come at once.
const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

class Program extends Command {
  /** commander shows its whole help as an error where no command is named: where to begin is of more use then. */
  override help(context?: HelpContext | ((text: string) => string)): never {
    if (typeof context !== 'object' || context.error !== true) return super.help(context as HelpContext);
    console.error(firstScreen(version, process.stderr.columns ?? 80));
    throw new CommanderError(EXIT.usage, 'commander.help', '(outputHelp)');
  }
}

/** Runs one command line as `ksweep` does; its exit status is left in process.exitCode. Never throws. */
export async function runProgram(words: readonly string[]): Promise<void> {
  const program = new Program('ksweep')
    .description('Benchmark, compare and size Apache Kafka, with numbers that can be trusted.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addOption(
      new Option('--lang <code>', 'language of the first screen, the verdicts and the errors')
        .choices(LANGUAGES)
        .env('KSWEEP_LANG'),
    )
    .on('option:lang', (chosen: Language) => setLanguage(chosen))
    .on('optionEnv:lang', (chosen: Language) => setLanguage(chosen))
    .hook('preAction', () => refuseUnknownVariables());

  registerInit(program);
  registerRun(program);
  registerValidate(program);
  registerReport(program);
  registerPlot(program);
  registerCompare(program);
  registerSample(program);
  registerCodecs(program);
  registerSize(program);
  registerNightly(program);
  registerHistory(program);
  registerPerf(program);
  registerOmb(program);
  registerCluster(program);
  registerDoctor(program);
  registerExplain(program);
  registerInfra(program);
  registerCatalog(program);
  registerAgents(program);
  registerAgent(program);
  registerCompletion(program);

  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander has printed its message, help and version included.
      process.exitCode = error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    } else {
      console.error(tellError(error));
      process.exitCode = exitStatusOf(error);
    }
  }
}
