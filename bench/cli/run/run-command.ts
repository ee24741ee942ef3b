import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareAgainst, type RunComparison } from '../../../reports/compare/compare.ts';
import { comparisonJson, comparisonTable } from '../../../reports/compare/text.ts';
import { sweptAxes } from '../../../reports/run/axes.ts';
import { cellName } from '../../../reports/run/cell-name.ts';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { describeError, EXIT, type ExitStatus, KsweepError, mostSevere } from '../../common/errors.ts';
import { parseListenAddress } from '../../common/listen.ts';
import { closePool } from '../../common/pool.ts';
import { secretsOf } from '../../common/redact.ts';
import { dim, StatusLine, yellow } from '../../common/terminal.ts';
import { parseDurationMs, type Rate } from '../../common/units.ts';
import { checkAtOnce } from '../../host/checkup.ts';
import { hostFiles } from '../../host/files.ts';
import { baseOf, interleave } from '../../jobs/compare/against.ts';
import { type RunningPods, startPods } from '../../load/kubernetes/start.ts';
import { loadRun } from '../../results/load-run.ts';
import { type Manifest, manifestSchema } from '../../results/manifest.ts';
import { checkClusterFlags, chooseCluster } from '../../run/cluster/choose-cluster.ts';
import { METRICS_FLAG, serveMetrics } from '../../run/live/listen.ts';
import { LiveMetrics } from '../../run/live/live-metrics.ts';
import { resultLine } from '../../run/result-line.ts';
import { runWorkload } from '../../run/run.ts';
import { asInput } from '../../workload/as-input.ts';
import { crossWarnings } from '../../workload/cross-rules.ts';
import { describeDesign } from '../../workload/design/describe.ts';
import { loadSearched } from '../../workload/find-max.ts';
import { loadWorkload, parseOverride } from '../../workload/load.ts';
import { boundSearch, parseMaxLoad, refuseBeyond } from '../../workload/max-load.ts';
import type { Cell } from '../../workload/plan.ts';
import type { Workload } from '../../workload/schema.ts';
import { commandLine } from '../command-line.ts';
import { onInterrupt } from '../interrupt.ts';
import { describeAgainst, describeDropped, dryRun, type Loaded, printable } from './dry-run.ts';
import type { RunFlags } from './flags.ts';
import {
  type ChosenLoadHosts,
  loadHostsOf,
  namesOf,
  placementLines,
  plannedLoadHosts,
} from './load-hosts.ts';
import { nextSteps, nextStepsText } from './next-step.ts';
import { plannedPods, wantedPods } from './pods.ts';
import { Watched } from './watched.ts';

/** `ksweep run`: everything around the measuring. Returns the exit status. */
export async function runCommand(file: string | undefined, flags: RunFlags): Promise<ExitStatus> {
  const loaded = load(file, flags);
  const calmMs = calmOf(flags.calm);
  const pods = wantedPods(flags, loaded.workload);
  const chosenHosts: ChosenLoadHosts =
    pods === null
      ? await loadHostsOf(flags, loaded, (line) => console.error(dim(line)))
      : { kind: 'kubernetes', hosts: plannedPods(pods) };
  const { hosts: loadHosts } = chosenHosts;
  const places = placementLines(chosenHosts, loaded.plan.cells);
  if (flags.dryRun === true) {
    checkClusterFlags(flags, loaded.workload, (line) => console.error(line));
    await dryRun(loaded, flags, { lines: places, hosts: plannedLoadHosts(chosenHosts, loaded.plan.cells) });
    return EXIT.pass;
  }
  const status = new StatusLine();
  const say = (line: string): void => status.print(dim(line));
  for (const line of describeDropped(loaded)) say(line);
  if (loaded.against !== undefined) for (const line of describeAgainst(loaded, loaded.against)) say(line);
  for (const warning of crossWarnings(loaded.plan.cells)) status.print(yellow(`warning: ${warning}`));
  const { cells, design } = loaded.plan;
  if (design !== undefined) for (const line of describeDesign(design, cells.length)) say(line);
  for (const line of places) say(line);
  // Other hosts tell of themselves in the result.
  const problems = loadHosts.length === 0 ? hostProblems(loaded) : [];
  for (const { check, found, remedy } of problems) say(`${check}: ${found}; ${remedy}`);
  const live = new LiveMetrics(loaded.workload.name);
  const axes = sweptAxes(cells);
  const names = new Map(cells.map(({ id, settings }) => [id, cellName(axes, settings)]));
  const nameOf = ({ id, label }: Cell): string => names.get(id) || label;
  const watched = new Watched(status, live, (id) => names.get(id));
  const server =
    flags.metricsListen === undefined
      ? null
      : await serveMetrics(parseListenAddress(flags.metricsListen, METRICS_FLAG), () => live.text());
  if (server !== null) say(`metrics at ${server.url}`);
  const interrupt = onInterrupt(() =>
    status.print(yellow('stopping after Ctrl-C; what was measured is kept (press again to quit at once)')),
  );
  let chosen: Awaited<ReturnType<typeof chooseCluster>> | undefined;
  let running: RunningPods | undefined;
  let begun: string | undefined;
  try {
    chosen = await chooseCluster(flags, loaded.workload, say, interrupt.signal, namesOf(chosenHosts));
    if (pods !== null) running = await startPods(pods, say, interrupt.signal);
    // Brokers just started are warmed up from an open tap, which a limit forbids.
    const cluster = flags.maxLoad === undefined ? chosen.underTest : { ...chosen.underTest, cold: false };
    const summary = await runWorkload({
      ...loaded,
      cluster,
      loadHosts: running?.hosts ?? loadHosts,
      ...(flags.client === undefined ? {} : { client: flags.client }),
      target:
        flags.resume === undefined
          ? { resultsDir: resolve(flags.results) }
          : { resumeDir: resolve(flags.resume) },
      command: commandLine(process.argv.slice(2), secretsOf(chosen.underTest.connection)),
      signal: interrupt.signal,
      adapt: flags.adapt === true,
      calmMs,
      onLine: say,
      onFolder: (dir) => {
        begun = dir;
        watched.onFolder(dir);
      },
      onSnapshot: (process, snapshot) => watched.onSnapshot(process, snapshot),
      onOffsets: (sample) => live.onOffsets(sample),
      onProgress: (progress) => watched.onProgress(progress),
      onResult: (result, cell) => status.print(resultLine(result, nameOf(cell))),
    }).catch(async (error: unknown) => {
      if (begun !== undefined) await reportCutOff(begun, say);
      throw error;
    });
    status.clear();
    const reports = await writeReports(summary.dir);
    const comparison = loaded.against === undefined ? null : await verdictOf(summary.dir);
    const exit = mostSevere([summary.status, reports.status, comparison?.status ?? EXIT.pass]);
    if (flags.json === true) {
      const { thresholds, files } = reports;
      console.log(
        printable({
          dir: summary.dir,
          runId: summary.runId,
          interrupted: summary.interrupted,
          leftTopics: summary.leftTopics,
          status: exit,
          thresholds,
          files,
          ...(comparison === null ? {} : { comparison: comparisonJson(comparison) }),
          results: summary.results,
        }),
      );
    } else {
      console.log(reports.table);
      if (comparison !== null) console.log(comparisonTable(comparison));
      if (summary.interrupted) console.log('interrupted; what was measured is kept');
      console.log(`report: ${join(summary.dir, 'report.html')}`);
      const { dir, interrupted } = summary;
      console.log(nextStepsText(nextSteps(reports.summary, { dir, file, interrupted })));
    }
    return exit;
  } finally {
    status.clear();
    await watched.stop();
    interrupt.dispose();
    await running?.remove().catch((error: unknown) => status.print(yellow(describeError(error))));
    await chosen?.stop();
    await server?.close();
  }
}

/** What is wrong with this machine for the generators of the largest cell, as far as a look tells. */
function hostProblems({ plan }: Loaded) {
  const generators = plan.cells.map(({ workload: { load, consumers } }) => {
    return load.producers + consumers.groups * consumers.perGroup;
  });
  return checkAtOnce(hostFiles(), Math.max(0, ...generators)).filter(
    ({ state }) => state === 'warning' || state === 'bad',
  );
}

function calmOf(text = '30s'): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms < 0) {
    throw new KsweepError('usage', `--calm ${text}: expected a duration such as 30s, or 0s`);
  }
  return ms;
}

/** A run that ends with an error still has its views, of what was measured before. */
async function reportCutOff(dir: string, say: (line: string) => void): Promise<void> {
  try {
    const { files } = await writeReports(dir);
    say(`what was measured before: ${files['report.html']}`);
  } catch (error) {
    say(`no report could be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What the options ask for, held against --max-load. */
function load(file: string | undefined, flags: RunFlags): Loaded {
  const limit = flags.maxLoad === undefined ? null : parseMaxLoad(flags.maxLoad);
  const loaded = loadBounded(file, flags, limit);
  if (limit !== null) refuseBeyond(loaded.plan.cells, limit);
  return loaded;
}

function loadBounded(file: string | undefined, flags: RunFlags, limit: Rate | null): Loaded {
  const seek = flags.findMax === true;
  const resumed = flags.resume === undefined ? null : manifestOf(resolve(flags.resume));
  if (resumed !== null && flags.against !== undefined) {
    throw new KsweepError('usage', 'a resumed run keeps its base: leave out --against');
  }
  const unbounded =
    file === undefined && resumed !== null
      ? loadWorkload(workloadFileOf(resumed), { set: [...resumed.set, ...flags.set] })
      : (seek ? loadSearched : loadWorkload)(file ?? '', { set: flags.set });
  const loaded = limit === null ? unbounded : boundSearch(unbounded, limit);
  // The base has to be searched as the candidate is.
  const { rate, duration } = asInput(loaded.workload)['load'] as Record<string, unknown>;
  const overrides = seek
    ? [`load.rate=${JSON.stringify(rate)}`, `load.duration=${duration}`].map(parseOverride)
    : [];
  if (flags.against !== undefined) {
    return interleave(baseOf(manifestOf(resolve(flags.against))), loaded, overrides);
  }
  const kept = resumed?.against;
  if (kept === undefined) return loaded;
  return interleave({ ...kept, workload: kept.workload as unknown as Workload }, loaded, overrides);
}

/** The manifest of an earlier run. Throws run-folder-invalid. */
function manifestOf(dir: string): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  } catch (error) {
    throw new KsweepError('run-folder-invalid', `${dir} is not a run folder: ${(error as Error).message}`);
  }
  const parsed = manifestSchema.safeParse(manifest);
  if (parsed.success) return parsed.data;
  throw new KsweepError('run-folder-invalid', `${dir} holds no manifest that this version understands`, {
    details: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  });
}

function workloadFileOf({ workloadFile, runId }: Manifest): string {
  if (workloadFile !== null) return workloadFile;
  throw new KsweepError('run-folder-invalid', `run ${runId} does not say which workload file it ran`, {
    hint: 'name the workload file before --resume',
  });
}

async function verdictOf(dir: string): Promise<RunComparison> {
  try {
    return await compareAgainst(await loadRun(dir));
  } finally {
    await closePool();
  }
}
