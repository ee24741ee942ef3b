import { digest, fingerprintOf } from '../../results/fingerprint.ts';
import type { Manifest } from '../../results/manifest.ts';
import type { RepeatResult } from '../../results/result.ts';
import { spread } from '../../stats/describe.ts';
import { HISTORY_SCHEMA_VERSION, type NightLine, type SeriesLine } from './history/record.ts';
import { cellName, type SeriesId, seriesPath } from './history/series-id.ts';
import { type Append, lineOf, type StoredSeries } from './history/store.ts';
import { figuresOf } from './watched.ts';

/** One run folder's part of a night. */
export interface RunOfNight {
  readonly night: string;
  readonly at: string;
  readonly suite: string;
  readonly canary: boolean;
  readonly label: string | null;
  readonly commit: string | null;
  readonly manifest: Manifest;
  readonly results: readonly RepeatResult[];
  readonly folder: string;
  readonly imported: boolean;
}

export interface CellFigure {
  readonly id: SeriesId;
  readonly settings: Manifest['cells'][number]['settings'];
  readonly line: NightLine;
}

/** Series of the canary lie beside the suite's. */
export const canarySuite = (suite: string): string => `${suite}.canary`;

/**
 * What a cell measured: everything of the workload but its name, order and number of repeats. Where it changes,
 * older nights are another measurement.
 */
function definitionOf(manifest: Manifest, settings: CellFigure['settings']): string {
  const { name, description, sweep, repeats, seed, thresholds, guard, ...measured } = manifest.workload;
  return digest({ measured, settings });
}

/** The night's median and spread of every cell and metric; nothing for a cell without a valid repeat. */
export function figuresOfRun(run: RunOfNight): CellFigure[] {
  const suite = run.canary ? canarySuite(run.suite) : run.suite;
  const shared = {
    v: HISTORY_SCHEMA_VERSION,
    type: 'night',
    night: run.night,
    at: run.at,
    label: run.label,
    commit: run.commit,
    environment: digest(fingerprintOf(run.manifest)),
    run: digest(run.results),
    folder: run.folder,
    imported: run.imported,
  } as const;
  return run.manifest.cells.flatMap(({ id, settings }) => {
    const own = run.results.filter(({ cellId }) => cellId === id);
    const invalid = own.filter(({ outcome }) => outcome !== 'valid').length;
    const definition = definitionOf(run.manifest, settings);
    return [...figuresOf(own)].map(([metric, values]): CellFigure => {
      const { n, min, max, iqr, median } = spread(values);
      return {
        id: { suite, cell: cellName(settings), metric },
        settings,
        line: { ...shared, value: median, spread: { n, min, max, iqr }, invalid, definition },
      };
    });
  });
}

/** What to append for these figures: nothing where the series has the night already, a header where it is new. */
export function appendsOf(figures: readonly CellFigure[], known: readonly StoredSeries[]): Append[] {
  const byPath = new Map(known.map((series) => [series.path, series]));
  return figures.flatMap(({ id, settings, line }) => {
    const path = seriesPath(id);
    const existing = byPath.get(path);
    if (existing?.content.nights.names.includes(line.night) === true) return [];
    const header: SeriesLine = {
      v: HISTORY_SCHEMA_VERSION,
      type: 'series',
      at: line.at,
      ...id,
      canary: id.suite.endsWith('.canary'),
      settings,
    };
    const lines = existing === undefined ? [lineOf(header), lineOf(line)] : [lineOf(line)];
    return [{ path, lines }];
  });
}
