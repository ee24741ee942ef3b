import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterUnderTest } from '../../../infra/cluster-under-test.ts';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { dim, type StatusLine } from '../../common/terminal.ts';
import { RunFolder } from '../../results/folder.ts';
import { loadRun } from '../../results/load-run.ts';
import { describeProgress } from '../../run/measure/progress.ts';
import { resultLine } from '../../run/result-line.ts';
import { runWorkload } from '../../run/run.ts';
import type { RunOptions } from '../../run/run-options.ts';
import { type CodecConfig, configOfCell } from './codecs.ts';
import {
  capacityPhase,
  cellText,
  finalistsPhase,
  type Phase,
  type PhaseName,
  recompressionPhase,
  stampPhase,
} from './phases.ts';
import { aimsOf, ordered } from './report/aims.ts';
import type { PriceTerms } from './report/price.ts';
import { recommend } from './report/recommend.ts';
import { cellsOf, judgeScreen, type MeasuredPhase, type MeasuredPhases } from './report/report.ts';
import type { Ready } from './start.ts';

export interface MeasureOptions {
  readonly ready: Ready;
  readonly terms: PriceTerms;
  /** Folder of the whole comparison; the run folders of its phases go into it. */
  readonly dir: string;
  readonly command: string;
  readonly cluster: ClusterUnderTest;
  /** Hosts that generate the load; none: this one. */
  readonly loadHosts: NonNullable<RunOptions['loadHosts']>;
  readonly signal: AbortSignal;
  readonly status: StatusLine;
}

/** Measures one phase after the other: what each finds decides on the next. Ends early on the user's stop. */
export async function measurePhases(options: MeasureOptions): Promise<MeasuredPhases> {
  const { ready, terms, signal, cluster } = options;
  const { request, payload } = ready;
  const measured: { [P in PhaseName]?: MeasuredPhase } = {};
  let { cold = false } = cluster;
  const run = async (phase: Phase): Promise<MeasuredPhase | null> => {
    if (signal.aborted) return null;
    const begun = begunIn(options.dir, phase);
    const finished = begun !== null && (await begun.readManifest()).finishedAt !== null;
    // A cluster is cold once, and only for a phase that has something left to measure.
    const done = await measurePhase(phase, begun, {
      ...options,
      cluster: { ...cluster, cold: cold && !finished },
    });
    cold &&= finished;
    measured[phase.name] = done;
    return done;
  };
  const [first] = ready.phases;
  const screen = first === undefined ? null : await run(first);
  if (screen === null) return measured;
  const { chosen, reference } = judgeScreen(screen, request, terms);
  const configsOf = (cells: readonly { readonly id: string }[]): CodecConfig[] =>
    cells.flatMap(({ id }) =>
      screen.phase.plan.cells.filter((cell) => cell.id === id).map((cell) => configOfCell(cell)),
    );
  const configs = configsOf(chosen);
  const [best] = configs;
  if (best === undefined) return measured;
  const withReference = configsOf(reference === null ? chosen : [...chosen, reference]);
  const finalists = await run(finalistsPhase(request, payload, withReference));
  if (!request.skip.includes('stamp')) await run(stampPhase(request, payload, withReference));
  if (!request.skip.includes('recompression')) {
    const config = (finalists === null ? null : recommended(finalists, options)) ?? best;
    await run(recompressionPhase(request, payload, config));
  }
  if (request.findMax) await run(capacityPhase(request, payload, configs));
  return measured;
}

function recommended(finalists: MeasuredPhase, { ready, terms }: MeasureOptions): CodecConfig | null {
  const cells = cellsOf(finalists);
  const found = recommend(cells, ordered(aimsOf(cells, terms), ready.request.priority));
  const cell = finalists.phase.plan.cells.find(({ id }) => id === found?.cellId);
  return cell === undefined ? null : configOfCell(cell);
}

/** The run folder of a phase that an earlier process began; one that was killed before its manifest is none. */
function begunIn(dir: string, { workload }: Phase): RunFolder | null {
  const name = readdirSync(dir).find(
    (entry) => entry.endsWith(`-${workload.name}`) && existsSync(join(dir, entry, 'manifest.json')),
  );
  return name === undefined ? null : new RunFolder(join(dir, name));
}

async function measurePhase(
  phase: Phase,
  begun: RunFolder | null,
  options: MeasureOptions,
): Promise<MeasuredPhase> {
  const { dir, command, cluster, loadHosts, signal, status } = options;
  const { name, workload, plan, source } = phase;
  status.print(dim(`${name}: ${plan.cells.length} cells × ${workload.repeats} blocks`));
  const summary = await runWorkload({
    workload,
    plan,
    source,
    cluster,
    loadHosts,
    target: begun === null ? { resultsDir: dir } : { resumeDir: begun.dir },
    command,
    signal,
    // Each phase would say the same of the payloads.
    onLine: (line) => name === 'screen' && status.print(dim(line)),
    onProgress(progress) {
      const { step, standing } = describeProgress(progress);
      status.progress(`${name} ${step}`, standing);
    },
    onResult: (result, cell) => status.print(resultLine(result, cellText(phase, cell))),
  });
  await writeReports(summary.dir);
  return { phase, run: await loadRun(summary.dir) };
}
