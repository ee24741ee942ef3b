import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aimsOf, ordered } from '../../../reports/codecs/aims.ts';
import type { PriceTerms } from '../../../reports/codecs/price.ts';
import { recommend } from '../../../reports/codecs/recommend.ts';
import {
  cellsOf,
  judgeScreen,
  type MeasuredPhase,
  type MeasuredPhases,
} from '../../../reports/codecs/report.ts';
import { loadRun } from '../../../reports/load-run.ts';
import { writeReports } from '../../../reports/write-reports.ts';
import { type CodecConfig, configOfCell } from '../../codecs/codecs.ts';
import {
  capacityPhase,
  cellText,
  finalistsPhase,
  type Phase,
  type PhaseName,
  recompressionPhase,
  stampPhase,
} from '../../codecs/phases.ts';
import type { ClusterUnderTest } from '../../run/cluster.ts';
import { runWorkload } from '../../run.ts';
import { resultLine } from '../../run-command.ts';
import { dim, formatDuration, type StatusLine } from '../../terminal.ts';
import type { Ready } from './start.ts';

export interface MeasureOptions {
  readonly ready: Ready;
  readonly terms: PriceTerms;
  /** Folder of the whole comparison; the run folders of its phases go into it. */
  readonly dir: string;
  readonly command: string;
  readonly cluster: ClusterUnderTest;
  readonly signal: AbortSignal;
  readonly status: StatusLine;
}

/** Measures one phase after the other: what each finds decides on the next. Ends early on the user's stop. */
export async function measurePhases(options: MeasureOptions): Promise<MeasuredPhases> {
  const { ready, terms, signal } = options;
  const { request, payload } = ready;
  const measured: { [P in PhaseName]?: MeasuredPhase } = {};
  const run = async (phase: Phase): Promise<MeasuredPhase | null> => {
    if (signal.aborted) return null;
    const done = await measurePhase(phase, options);
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

async function measurePhase(phase: Phase, options: MeasureOptions): Promise<MeasuredPhase> {
  const { dir, command, cluster, signal, status } = options;
  const { name, workload, plan, source } = phase;
  const begun = readdirSync(dir).find(
    (entry) => entry.endsWith(`-${workload.name}`) && existsSync(join(dir, entry, 'manifest.json')),
  );
  status.print(dim(`${name}: ${plan.cells.length} cells × ${workload.repeats} blocks`));
  const summary = await runWorkload({
    workload,
    plan,
    source,
    cluster,
    target: begun === undefined ? { resultsDir: dir } : { resumeDir: join(dir, begun) },
    command,
    signal,
    // Each phase would say the same of the payloads.
    onLine: (line) => name === 'screen' && status.print(dim(line)),
    onProgress: (progress) =>
      status.update(
        `${name} [${progress.finished + 1}/${progress.total}] ${progress.cell} · ${progress.phase} · ${formatDuration(progress.leftMs)} left`,
      ),
    onResult: (result, cell) => status.print(resultLine(result, cellText(phase, cell))),
  });
  await writeReports(summary.dir);
  return { phase, run: await loadRun(summary.dir) };
}
