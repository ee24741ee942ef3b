import type { Catalog } from '../../../infra/catalog/catalog.ts';
import type { ScalabilityModel } from '../../../reports/sizing/capacity.ts';
import {
  type CurveStatistics,
  type Measurement,
  measure,
  repeatKey,
} from '../../../reports/sizing/measured.ts';
import type { MeasuredRun } from '../../../reports/sizing/measured-run.ts';
import { closePool, runTask } from '../../common/pool.ts';
import { loadRun } from '../../results/load-run.ts';
import type { SeriesRow } from '../../results/series-columns.ts';
import { curveBoundsTask } from '../../stats/curve-bounds.ts';
import { median } from '../../stats/describe.ts';
import { predictUsl, type UslIntervals, uslTask } from '../../stats/usl.ts';
import { resolveSetting, withSetting } from '../../workload/settings.ts';

const SEED = 1;
/** As usl.ts: fewer different numbers of partitions than this fit anything. */
const FIT_POINTS = 6;
const REACH = 2;

/** The bootstrap and the scalability fit in worker threads. */
export const threadedStatistics: CurveStatistics = {
  settle: (workload, setting, value) => withSetting(workload, resolveSetting(setting), value),
  bounds: (points) => runTask(curveBoundsTask, { points: points.map((values) => [...values]), seed: SEED }),
  async fit(points) {
    if (points.length < FIT_POINTS) {
      return {
        refused: `it needs ${FIT_POINTS} numbers of partitions measured at full load, there are ${points.length}`,
      };
    }
    const single = points.find(({ values }) => values.length < 2);
    if (single !== undefined)
      return { refused: `one repeat at ${single.partitions} partitions shows no spread` };
    const largest = Math.max(...points.map(({ partitions }) => partitions));
    const atN = Array.from({ length: REACH * largest }, (_, i) => i + 1);
    const intervals = await runTask(uslTask, {
      points: points.flatMap(({ partitions, values }) =>
        values.map((throughput) => ({ n: partitions, throughput })),
      ),
      atN,
      seed: SEED,
    });
    return modelOf(points, intervals);
  },
};

function modelOf(
  points: readonly { partitions: number; values: readonly number[] }[],
  { fit, throughput, peakN }: UslIntervals,
): ScalabilityModel {
  const { relativeResiduals } = fit;
  const squares = relativeResiduals.reduce((sum, residual) => sum + residual ** 2, 0);
  const peak = fit.peakWithinRange ? fit.peakN : null;
  let at = 0;
  return {
    alpha: fit.alpha,
    beta: fit.beta,
    gamma: fit.gamma,
    peakPartitions: peak,
    // The interval holds the point, as those of the points of the curve do.
    peakInterval:
      peak === null
        ? null
        : {
            low: Math.min(peakN.low, peak),
            high: Number.isFinite(peakN.high) ? Math.max(peakN.high, peak) : null,
          },
    relativeResidual: Math.sqrt(squares / Math.max(1, relativeResiduals.length)),
    rSquared: fit.rSquared,
    residuals: points.map(({ partitions, values }) => {
      const own = relativeResiduals.slice(at, at + values.length);
      at += values.length;
      return { partitions, relative: median(own) };
    }),
    maxPartitions: REACH * fit.maxN,
    at(partitions) {
      const point = predictUsl(fit, partitions) ?? 0;
      const band = throughput[partitions - 1];
      return { low: Math.min(band?.low ?? point, point), point, high: Math.max(band?.high ?? point, point) };
    },
  };
}

/** Growth of the brokers' end offsets over the measured window, records a second; null where it was not recorded. */
function endOffsetRate(rows: readonly SeriesRow[]): number | null {
  const known = rows.filter((row) => row.phase === 'measure' && row.endOffset !== null && row.tSec !== null);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return null;
  const seconds = (last.tSec ?? 0) - (first.tSec ?? 0);
  return seconds > 0 ? ((last.endOffset ?? 0) - (first.endOffset ?? 0)) / seconds : null;
}

async function readRun(folder: string): Promise<MeasuredRun> {
  const run = await loadRun(folder);
  const endOffsetsPerSec = new Map<string, number>();
  for (const repeat of run.repeats) {
    const rate = endOffsetRate(await run.series(repeat));
    if (rate !== null) endOffsetsPerSec.set(repeatKey(repeat), rate);
  }
  return { manifest: run.manifest, repeats: run.repeats, endOffsetsPerSec };
}

/**
 * What the runs measured, or null where none was named.
 *
 * @param instance type of the brokers where a run does not know it, as answered
 */
export async function measurementOf(
  folders: readonly string[],
  where: Readonly<Record<string, string>>,
  catalog: Catalog,
  instance?: string,
): Promise<Measurement | null> {
  if (folders.length === 0) return null;
  try {
    return await measure(
      await Promise.all(folders.map(readRun)),
      where,
      threadedStatistics,
      catalog,
      instance,
    );
  } finally {
    await closePool();
  }
}
