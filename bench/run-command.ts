import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeReports } from '../reports/write-reports.ts';
import { commandLine } from './command-line.ts';
import type { RunFlags } from './commands/run.ts';
import { describePlan } from './dry-run.ts';
import { EXIT, type ExitStatus, KsweepError, mostSevere } from './errors.ts';
import { onInterrupt } from './interrupt.ts';
import { secretsOf } from './redact.ts';
import { manifestSchema, type RepeatResult } from './result.ts';
import { chooseCluster } from './run/choose-cluster.ts';
import { ASSUMED_OVERHEAD_MS, runWorkload } from './run.ts';
import { dim, formatDuration, green, red, StatusLine, yellow } from './terminal.ts';
import { type LoadedWorkload, loadWorkload } from './workload/load.ts';

/** What a run was started with, kept in its folder so that `--resume` needs nothing else. */
interface Started {
  readonly workloadFile: string;
  readonly set: readonly string[];
}

/** `ksweep run`: everything around the measuring. Returns the exit status. */
export async function runCommand(file: string | undefined, flags: RunFlags): Promise<ExitStatus> {
  const loaded = load(file, flags);
  if (flags.dryRun === true) {
    dryRun(loaded, flags);
    return EXIT.pass;
  }
  const status = new StatusLine();
  const say = (line: string): void => status.print(dim(line));
  const interrupt = onInterrupt(() =>
    status.print(yellow('stopping after Ctrl-C; what was measured is kept (press again to quit at once)')),
  );
  const chosen = await chooseCluster(flags, loaded.workload, say, interrupt.signal);
  try {
    const summary = await runWorkload({
      ...loaded,
      cluster: chosen.underTest,
      target:
        flags.resume === undefined
          ? { resultsDir: resolve(flags.results) }
          : { resumeDir: resolve(flags.resume) },
      command: commandLine(process.argv.slice(2), secretsOf(chosen.underTest.connection)),
      signal: interrupt.signal,
      onLine: say,
      onProgress: (progress) =>
        status.update(
          `[${progress.finished + 1}/${progress.total}] ${progress.cell} · block ${progress.block}${progress.attempt > 0 ? ' (again)' : ''} · ${progress.phase} · ${formatDuration(progress.leftMs)} left`,
        ),
      onResult: (result, cell) => status.print(resultLine(result, cell.label)),
    });
    status.clear();
    const reports = await writeReports(summary.dir);
    const exit = mostSevere([summary.status, reports.status]);
    if (flags.json === true) {
      const { thresholds, files } = reports;
      console.log(
        JSON.stringify({
          dir: summary.dir,
          runId: summary.runId,
          interrupted: summary.interrupted,
          status: exit,
          thresholds,
          files,
          results: summary.results,
        }),
      );
    } else {
      console.log(reports.table);
      if (summary.interrupted) console.log(`interrupted; go on with: ksweep run --resume ${summary.dir}`);
      console.log(`report: ${join(summary.dir, 'report.html')}`);
    }
    return exit;
  } finally {
    status.clear();
    interrupt.dispose();
    await chosen.stop();
  }
}

function load(file: string | undefined, flags: RunFlags): LoadedWorkload {
  const search = flags.findMax === true ? ['load.rate={search: {}}'] : [];
  if (file !== undefined) return loadWorkload(file, { set: [...flags.set, ...search] });
  const started = startedWith(resolve(flags.resume ?? ''));
  return loadWorkload(started.workloadFile, { set: [...started.set, ...flags.set] });
}

/** The workload and overrides of an earlier run, from the command that its manifest keeps. */
function startedWith(dir: string): Started {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  } catch (error) {
    throw new KsweepError('run-folder-invalid', `${dir} is no run folder: ${(error as Error).message}`);
  }
  const parsed = manifestSchema.safeParse(manifest);
  if (!parsed.success || parsed.data.workloadFile === null) {
    throw new KsweepError('run-folder-invalid', `${dir} does not say which workload file it ran`, {
      hint: 'name the workload file before --resume',
    });
  }
  return { workloadFile: parsed.data.workloadFile, set: parsed.data.set };
}

function dryRun(loaded: LoadedWorkload, flags: RunFlags): void {
  const { plan } = loaded;
  if (flags.json !== true) {
    console.log(describePlan(plan, ASSUMED_OVERHEAD_MS));
    return;
  }
  const cells = plan.cells.map(({ id, label, settings }) => ({ id, label, settings }));
  console.log(JSON.stringify({ cells, excluded: plan.excluded, order: plan.repeats, seed: plan.seed }));
}

export function resultLine(result: RepeatResult, label: string): string {
  const again = result.attempt > 0 ? ' (second attempt)' : '';
  const reasons = result.reasons.map(({ message }) => message).join('; ');
  const told = result.outcome === 'failed' ? reasons : figures(result);
  const why = result.outcome === 'invalid' ? ` (${reasons})` : '';
  const mark = { valid: green('valid'), invalid: yellow('invalid'), failed: red('failed') }[result.outcome];
  return `${mark}  ${label} · block ${result.block}${again}: ${told}${why}`;
}

function figures({ search, rate, latencyUs }: RepeatResult): string {
  if (search !== undefined) {
    const [low, high] = [search.lowPerSec, search.highPerSec].map((bound) =>
      bound === null ? '–' : Math.round(bound),
    );
    const why = search.failed.length > 0 ? `; at ${high}/s: ${search.failed.join(', ')}` : '';
    return `sustains ${low} to ${high}/s in ${search.probes.length} probes, limited by ${search.limitedBy}${why}`;
  }
  const p99 = latencyUs['due-to-ack']?.percentilesUs.p99 ?? null;
  const perSec = rate.kind === 'consume' ? rate.receivedPerSec : rate.achievedPerSec;
  return `${Math.round(perSec)}/s${p99 === null ? '' : `, due→ack p99 ${(p99 / 1000).toFixed(1)} ms`}`;
}
