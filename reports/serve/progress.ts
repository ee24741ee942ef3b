import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRun } from '../../bench/results/load-run.ts';
import { metricOf } from '../../bench/results/metrics.ts';
import { sweptAxes } from '../run/axes.ts';
import { cellName } from '../run/cell-name.ts';

/** How far a run is, from its folder alone. */
export interface Progress {
  readonly name: string;
  readonly finished: boolean;
  readonly planned: number;
  readonly done: number;
  readonly valid: number;
  readonly invalid: number;
  readonly failed: number;
  /** The newest repeats, the last one first. */
  readonly latest: readonly LatestRepeat[];
  /** What has come of each block of each cell, in the plan's order of blocks. */
  readonly cells: readonly { readonly cell: string; readonly repeats: readonly Standing[] }[];
}

type Standing = 'valid' | 'invalid' | 'failed' | 'planned';

interface LatestRepeat {
  readonly cell: string;
  readonly block: number;
  readonly outcome: string;
  /** With their units; "–" where it has none. */
  readonly offered: string;
  readonly achieved: string;
  readonly p99: string;
  readonly lag: string;
}

const MAX_LATEST = 8;
const SHOWN = {
  offered: metricOf('offeredPerSec'),
  achieved: metricOf('achievedPerSec'),
  p99: metricOf('due-to-ack.p99'),
  lag: metricOf('lag.max'),
} as const;

/** Throws `run-folder-invalid` where there is no run. */
export async function progressOf(dir: string): Promise<Progress> {
  const run = await loadRun(dir);
  const { manifest } = run;
  const axes = sweptAxes(manifest.cells);
  const names = new Map(manifest.cells.map((cell) => [cell.id, cellName(axes, cell.settings)]));
  const outcomes = run.repeats;
  const of = (outcome: string) => outcomes.filter((one) => one.outcome === outcome).length;
  const newest = outcomes.toSorted((a, b) => (a.finishedAt < b.finishedAt ? 1 : -1)).slice(0, MAX_LATEST);
  const open = new Set(run.unfinished.map(({ cellId, block }) => `${cellId}/${block}`));
  const standing = new Map(outcomes.map((one) => [`${one.cellId}/${one.block}`, one.outcome]));
  const standingOf = (cellId: string, block: number): Standing => {
    const place = `${cellId}/${block}`;
    return open.has(place) ? 'planned' : (standing.get(place) ?? 'planned');
  };
  return {
    name: manifest.name,
    finished: manifest.finishedAt !== null,
    planned: run.planned.length,
    done: run.planned.length - run.unfinished.length,
    valid: of('valid'),
    invalid: of('invalid'),
    failed: of('failed'),
    cells: manifest.cells.map(({ id }) => ({
      cell: names.get(id) ?? id,
      repeats: run.planned
        .filter(({ cellId }) => cellId === id)
        .toSorted((a, b) => a.block - b.block)
        .map(({ block }) => standingOf(id, block)),
    })),
    latest: newest.map((one) => {
      const show = (metric: (typeof SHOWN)[keyof typeof SHOWN]): string => {
        const value = metric.read(one);
        return value === null ? '–' : metric.format(value);
      };
      return {
        cell: names.get(one.cellId) ?? one.cellId,
        block: one.block,
        outcome: one.outcome,
        offered: show(SHOWN.offered),
        achieved: show(SHOWN.achieved),
        p99: show(SHOWN.p99),
        lag: show(SHOWN.lag),
      };
    }),
  };
}

/** Changes whenever a repeat has ended or the run has: what is cheap to look at each second. */
export async function stampOf(dir: string): Promise<string> {
  const plan = await readFile(join(dir, 'plan.ndjson'), 'utf8').catch(() => '');
  const last = plan.trimEnd().split('\n').at(-1) ?? '';
  const manifest = await readFile(join(dir, 'manifest.json'), 'utf8').catch(() => '');
  return `${plan.length} ${manifest.length} ${last}`;
}
