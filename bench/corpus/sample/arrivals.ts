import { poolTask } from '../../common/pool.ts';
import { invalid } from '../payload-file.ts';
import { readSample } from './sample-file.ts';

/** When the records of a sample came, µs from its first one, and after what time the pattern begins again. */
export interface ArrivalPattern {
  readonly offsetsUs: Float64Array;
  /** The time that the sample spans, and one mean gap: so that its rate stays where it begins again. */
  readonly periodUs: number;
  readonly sha256: string;
}

/**
 * Offsets of ascending timestamps. Records of one millisecond are spread over it: their timestamps tell no more, and
 * sent at once they would be a burst that nobody saw. Pure; undefined where all have one time.
 */
export function arrivalsOf(timestampsMs: readonly number[]): Omit<ArrivalPattern, 'sha256'> | undefined {
  const first = timestampsMs[0] ?? 0;
  const spanMs = (timestampsMs.at(-1) ?? first) - first;
  if (!(spanMs > 0)) return undefined;
  const offsetsUs = new Float64Array(timestampsMs.length);
  for (let from = 0; from < timestampsMs.length; ) {
    const timeMs = timestampsMs[from] as number;
    let to = from + 1;
    while (to < timestampsMs.length && timestampsMs[to] === timeMs) to++;
    for (let i = from; i < to; i++) offsetsUs[i] = (timeMs - first + (i - from) / (to - from)) * 1000;
    from = to;
  }
  const lastUs = offsetsUs.at(-1) as number;
  return { offsetsUs, periodUs: lastUs + lastUs / (timestampsMs.length - 1) };
}

/** Reads when a sample's records came. Throws sample-invalid, or workload-invalid where it tells no times. */
function readArrivals(path: string): ArrivalPattern {
  const { info, records } = readSample(path);
  if (info.taken === 'evenly') {
    throw invalid(
      `load.rate.replay.path: ${path} holds runs of records spread over the retention, and no stretch of time to replay`,
      'take a sample of the newest records, or of those from a time on (`ksweep sample --from …`)',
    );
  }
  const pattern = arrivalsOf(records.map(({ timestampMs }) => timestampMs));
  if (pattern === undefined || (records[0]?.timestampMs ?? -1) < 0) {
    throw invalid(`load.rate.replay.path: ${path} tells no times: its records have none, or all the same`);
  }
  return { ...pattern, sha256: info.sha256 };
}

export const arrivalsTask = poolTask(import.meta.url, 'arrivalsTask', readArrivals);
