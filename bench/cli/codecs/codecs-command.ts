import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadCatalog } from '../../../infra/catalog/catalog.ts';
import { styleOf } from '../../../reports/terminal/verdict-table.ts';
import { EXIT, type ExitStatus, KsweepError, mostSevere } from '../../common/errors.ts';
import { secretsOf } from '../../common/redact.ts';
import { dim, formatDuration, StatusLine, yellow } from '../../common/terminal.ts';
import { parseRate } from '../../common/units.ts';
import { measurePhases } from '../../jobs/codecs/measure.ts';
import { type PriceTerms, priceTerms } from '../../jobs/codecs/report/price.ts';
import { type CodecsReport, codecsReport, type MeasuredPhases } from '../../jobs/codecs/report/report.ts';
import { codecsText } from '../../jobs/codecs/report/text.ts';
import { writeCodecsReport } from '../../jobs/codecs/report/write.ts';
import { describeReady, type Ready, START_FILE, startText } from '../../jobs/codecs/start.ts';
import { RunFolder } from '../../results/folder.ts';
import { checkClusterFlags, chooseCluster } from '../../run/cluster/choose-cluster.ts';
import { commandLine } from '../command-line.ts';
import { onInterrupt } from '../interrupt.ts';
import { loadHostsOf, namesOf } from '../run/load-hosts.ts';
import type { CodecsCommandFlags } from './flags.ts';

/** `ksweep codecs`: from the options to the recommendation. Returns the exit status. */
export async function codecsCommand(ready: Ready, flags: CodecsCommandFlags): Promise<ExitStatus> {
  const terms = termsOf(ready);
  const [screen] = ready.phases;
  if (screen === undefined) throw new Error('a comparison has a screen');
  const loadHosts = await loadHostsOf(flags, screen, (line) => console.error(dim(line)));
  if (flags.dryRun === true) {
    checkClusterFlags(flags, screen.workload, (line) => console.error(line));
    console.log(flags.json === true ? JSON.stringify(dryRunJson(ready)) : describeReady(ready));
    return EXIT.pass;
  }
  const status = new StatusLine();
  const say = (line: string): void => status.print(dim(line));
  const interrupt = onInterrupt(() =>
    status.print(yellow('stopping after Ctrl-C; what was measured is kept (press again to quit at once)')),
  );
  let dir: string | null = null;
  const chosen = await chooseCluster(flags, screen.workload, say, interrupt.signal, namesOf(loadHosts));
  try {
    const command =
      ready.command ?? commandLine(process.argv.slice(2), secretsOf(chosen.underTest.connection));
    dir = await folderOf(flags, ready, command);
    if (ready.cut !== null) say(ready.cut);
    say(`about ${formatDuration(ready.totalMs)} in all; results go to ${dir}`);
    const measured = await measurePhases({
      ready,
      terms,
      dir,
      command,
      cluster: chosen.underTest,
      loadHosts: loadHosts.hosts,
      signal: interrupt.signal,
      status,
    });
    status.clear();
    return await conclude({
      flags,
      ready,
      terms,
      dir,
      command,
      measured,
      interrupted: interrupt.signal.aborted,
    });
  } catch (error) {
    throw resumable(error, dir);
  } finally {
    status.clear();
    interrupt.dispose();
    await chosen.stop();
  }
}

function termsOf({ request, payload, phases }: Ready): PriceTerms {
  const rate = parseRate(request.rate);
  const perSec = rate?.perSec ?? 0;
  return priceTerms(request, loadCatalog(), {
    volumeBytesPerSec: rate?.kind === 'records' ? perSec * payload.meanBytes : perSec,
    recordBytes: payload.meanBytes,
    replicas: phases[0]?.workload.topic.replicationFactor ?? 1,
  });
}

function dryRunJson({ request, phases, totalMs }: Ready) {
  return {
    request,
    totalMs,
    phases: phases.map(({ name, plan }) => ({
      name,
      cells: plan.cells.map(({ id, label, settings }) => ({ id, label, settings })),
      order: plan.repeats,
    })),
  };
}

/** The folder of the whole comparison: an earlier one, or a new one that says how to go on with it. */
async function folderOf(flags: CodecsCommandFlags, { request }: Ready, command: string): Promise<string> {
  if (flags.resume !== undefined) return resolve(flags.resume);
  const { dir } = await RunFolder.create(resolve(flags.results), 'codecs', new Date());
  await writeFile(join(dir, START_FILE), startText({ command, request }));
  return dir;
}

interface Conclusion {
  readonly flags: CodecsCommandFlags;
  readonly ready: Ready;
  readonly terms: PriceTerms;
  readonly dir: string;
  readonly command: string;
  readonly measured: MeasuredPhases;
  readonly interrupted: boolean;
}

async function conclude(conclusion: Conclusion): Promise<ExitStatus> {
  const { flags, ready, terms, dir, command, measured, interrupted } = conclusion;
  if (measured.screen === undefined) {
    console.error(`nothing was measured; continue with: ksweep codecs --resume ${dir}`);
    return EXIT.invalid;
  }
  const { request, payload } = ready;
  const report = codecsReport({ request, payload, measured, terms, command, interrupted });
  const files = await writeCodecsReport(dir, report, measured.screen);
  const status = mostSevere([report.status, strictly(flags, report)]);
  if (flags.json === true) console.log(JSON.stringify({ dir, files, ...report, status }));
  else {
    console.log(codecsText(report, Math.max(100, styleOf(process.stdout, process.env).width)));
    if (interrupted) console.log(`interrupted; continue with: ksweep codecs --resume ${dir}`);
    console.log(`report: ${files['codecs.html']}`);
  }
  return status;
}

const strictly = (flags: CodecsCommandFlags, { recommendation }: CodecsReport): ExitStatus =>
  flags.strict === true && recommendation?.shown !== true ? EXIT.invalid : EXIT.pass;

/** A run tells how to resume itself; here the comparison as a whole has to go on. */
function resumable(error: unknown, dir: string | null): unknown {
  if (!(error instanceof KsweepError) || error.code !== 'broker-unreachable' || dir === null) return error;
  return new KsweepError(error.code, error.message, {
    details: error.details,
    cause: error,
    hint: `bring the cluster back, then continue with: ksweep codecs --resume ${dir}`,
  });
}
