import { join } from 'node:path';
import { kafkaJars } from '../../infra/local/jars.ts';
import { runJava } from '../../infra/local/launch.ts';
import { DEFAULT_KAFKA_VERSION } from '../../infra/local/versions.ts';

/** What HdrHistogram's own tool makes of a log. */
export interface JavaPercentiles {
  /** Values by percentile (0 to 1), as many as the tool prints; in the log's unit. */
  readonly points: readonly { readonly percentile: number; readonly value: number; readonly count: number }[];
  readonly totalCount: number;
}

/** Runs HistogramLogProcessor over a whole .hlog file; its jar comes with Kafka's. */
export async function readWithJava(hlog: string): Promise<JavaPercentiles> {
  const jars = await kafkaJars(DEFAULT_KAFKA_VERSION);
  const output = await runJava([
    '-cp',
    join(jars, '*'),
    'org.HdrHistogram.HistogramLogProcessor',
    '-i',
    hlog,
    '-csv',
    '-outputValueUnitRatio',
    '1',
  ]);
  const points = output
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [value = Number.NaN, percentile = Number.NaN, count = Number.NaN] = line.split(',').map(Number);
      return { percentile, value, count };
    });
  return { points, totalCount: points.at(-1)?.count ?? 0 };
}
