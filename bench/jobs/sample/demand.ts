import { KsweepError } from '../../common/errors.ts';
import { headerBytes } from '../../common/record-headers.ts';
import { readSample, type Sample } from '../../corpus/sample/sample-file.ts';
import { describeSample } from './describe.ts';
import { historyRate } from './history.ts';

/** Answers to the questions of sizing, as a demand file would hold them, and where they come from. */
export interface SampledDemand {
  readonly answers: Readonly<Record<string, string | number | boolean>>;
  readonly source: string;
}

/** Three digits: more would claim what a sample does not know. */
const rounded = (value: number): number => Number(value.toPrecision(3));

/**
 * Traffic, record size and the hottest key's share of a sampled topic. The rates are over all that the topic retains,
 * where the brokers' index told them, else those of the sample's own stretch of time; their peak is that of the fullest
 * interval seen, which a longer retention or shorter intervals would see higher. Throws sample-invalid where there is
 * no rate at all.
 */
export function demandOf({ info, records }: Sample, name: string): SampledDemand {
  const figures = describeSample(records, info.partitions, [], info.taken !== 'evenly');
  const bytes = records.reduce(
    (sum, { key, value, headers }) => sum + (key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers),
    0,
  );
  const recordBytes = bytes / records.length;
  const history = historyRate(info.history);
  const seen = history ?? figures.rate;
  if (seen === null) {
    throw new KsweepError(
      'sample-invalid',
      `${name} tells no rate: its records have one timestamp, or none`,
      {
        hint: 'leave it out, and give --average and --record-size',
      },
    );
  }
  const span = history === null ? 'of the sample' : 'that the topic retains';
  const { hottest } = figures.keys;
  return {
    answers: {
      average: `${rounded(seen.meanPerSec * recordBytes)}B/s`,
      peak: `${rounded(Math.max(seen.peakPerSec, seen.meanPerSec) * recordBytes)}B/s`,
      recordSize: Math.max(1, Math.round(recordBytes)),
      keyed: hottest !== null,
      ...(hottest === null ? {} : { hottestKeyShare: rounded(hottest.share) }),
    },
    source: `a sample of ${records.length} records of ${info.topic ?? 'an anonymized topic'} taken at ${info.takenAt}; rates over ${(seen.spanSec / 3600).toPrecision(3)} h ${span}`,
  };
}

/** Of a sample file. @param name what it is called in errors */
export const demandOfFile = (path: string, name: string): SampledDemand => demandOf(readSample(path), name);
