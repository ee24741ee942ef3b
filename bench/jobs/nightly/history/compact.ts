import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poolTask } from '../../../common/pool.ts';
import { parseSeries, type SeriesContent, type SetAside } from './parse.ts';
import type { AcceptedLine, ForgottenLine, NightLine, SeriesLine } from './record.ts';

/** All nights of a series in columns: ten years of two hundred series have to fit into memory. */
export interface NightColumns {
  readonly names: readonly string[];
  /** ms since 1970. */
  readonly times: Float64Array;
  /** Medians, and the range of the repeats, in the metric's base unit. */
  readonly values: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/** A series as the judgement and the views need it; one line in full is read from the file. */
export interface CompactSeries {
  readonly header: SeriesLine | null;
  readonly nights: NightColumns;
  /** The last nights in full, oldest first. */
  readonly tail: readonly NightLine[];
  /** Index of the first night of the last night's definition: older ones measured something else. */
  readonly comparableFrom: number;
  /** Indexes of nights whose environment was another than the night's before. */
  readonly environmentChanges: readonly number[];
  readonly accepted: readonly AcceptedLine[];
  readonly forgotten: readonly ForgottenLine[];
  readonly setAside: readonly SetAside[];
}

const TAIL_NIGHTS = 30;

export function compactSeries({ nights, ...rest }: SeriesContent): CompactSeries {
  const definition = nights.at(-1)?.definition;
  return {
    ...rest,
    nights: {
      names: nights.map(({ night }) => night),
      times: Float64Array.from(nights, ({ at }) => Date.parse(at)),
      values: Float64Array.from(nights, ({ value }) => value),
      lows: Float64Array.from(nights, ({ spread }) => spread.min),
      highs: Float64Array.from(nights, ({ spread }) => spread.max),
    },
    tail: nights.slice(-TAIL_NIGHTS),
    comparableFrom: nights.findLastIndex((night) => night.definition !== definition) + 1,
    environmentChanges: nights.flatMap((night, i) =>
      i > 0 && night.environment !== nights[i - 1]?.environment ? [i] : [],
    ),
  };
}

/** Reads series' files, in a worker thread: their text and their lines don't outlive the call. */
async function readSeriesFiles(input: {
  readonly dir: string;
  readonly paths: readonly string[];
}): Promise<CompactSeries[]> {
  const found: CompactSeries[] = [];
  for (const path of input.paths) {
    found.push(compactSeries(parseSeries(path, await readFile(join(input.dir, path), 'utf8'))));
  }
  return found;
}

export const readSeriesTask = poolTask(import.meta.url, 'readSeriesTask', readSeriesFiles);
