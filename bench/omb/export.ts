import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { writeAtomically } from '../common/write-atomically.ts';
import { loadRun } from '../results/load-run.ts';
import type { Manifest } from '../results/manifest.ts';
import type { RepeatResult } from '../results/result.ts';
import { asInput } from '../workload/as-input.ts';
import { buildCells } from '../workload/cells.ts';
import type { CellWorkload } from '../workload/plan.ts';
import type { Workload } from '../workload/schema.ts';
import { type TestShape, testResultOf } from './test-result.ts';

export interface ExportedCell {
  readonly cell: string;
  /** Null where no repeat of the cell was valid. */
  readonly file: string | null;
  readonly repeats: number;
  /** What OMB's reader would take for a figure and is none, or why there is no file; a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Writes each cell of a run folder as OMB's result JSON, `<cell id>.json`, from its valid repeats.
 * Throws run-folder-invalid where there is no run.
 */
export async function exportOmb(dir: string, outDir: string): Promise<ExportedCell[]> {
  const run = await loadRun(dir);
  const exported: ExportedCell[] = [];
  const workloads = workloadsOf(run.manifest);
  await mkdir(outDir, { recursive: true }).catch((error: unknown) => {
    throw new KsweepError('run-folder-unwritable', `cannot make ${outDir}: ${error}`);
  });
  for (const { id, label } of run.manifest.cells) {
    const all = run.repeats.filter(({ cellId }) => cellId === id);
    const repeats = all.filter(({ outcome }) => outcome === 'valid');
    if (repeats.length === 0) {
      const notes = [`none of its ${all.length} repeats is valid: nothing is exported`];
      exported.push({ cell: id, file: null, repeats: 0, notes });
      continue;
    }
    const workload = workloads.get(id) ?? (run.manifest.workload as unknown as Workload);
    const shape = shapeOf(run.manifest, label, workload, repeats);
    const file = join(outDir, `${id}.json`);
    const result = await testResultOf(run, repeats, shape);
    await writeAtomically(file, [`${JSON.stringify(result, null, 2)}\n`]);
    exported.push({ cell: id, file, repeats: repeats.length, notes: notesOf(repeats) });
  }
  return exported;
}

function notesOf(repeats: readonly RepeatResult[]): string[] {
  const missing = (['sent-to-ack', 'due-to-sent', 'end-to-end'] as const).filter((name) =>
    repeats.every(({ latencyUs }) => latencyUs[name] === null),
  );
  return missing.length === 0
    ? []
    : [`${missing.join(', ')} was not measured: 0 in OMB's fields is no figure`];
}

/** The workloads of the cells by their ids; none for cells of another configuration that was interleaved. */
function workloadsOf({ workload }: Manifest): Map<string, CellWorkload> {
  const resolved = workload as unknown as Workload;
  return new Map(buildCells(asInput(resolved), resolved).cells.map(({ id, workload: own }) => [id, own]));
}

function shapeOf(
  manifest: Manifest,
  label: string,
  { topic, load, consumers }: CellWorkload,
  repeats: readonly RepeatResult[],
): TestShape {
  const acknowledged = repeats.reduce((sum, { counts }) => sum + counts.acknowledged, 0);
  const payload = repeats.reduce((sum, { bytes }) => sum + bytes.payload, 0);
  return {
    workload: manifest.name,
    driver: `Kafka ${label}`,
    // Sizes may be drawn from a distribution or a file: what was sent is known.
    messageSize: acknowledged === 0 ? 0 : Math.round(payload / acknowledged),
    topics: 1,
    partitions: topic.partitions,
    producersPerTopic: load.producers,
    consumersPerTopic: consumers.groups * consumers.perGroup,
  };
}
