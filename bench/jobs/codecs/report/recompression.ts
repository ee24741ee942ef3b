import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { metricOf } from '../../../results/metrics.ts';
import { median } from '../../../stats/describe.ts';
import { type Comparison, compareFamily } from '../../../stats/verdict.ts';
import { pairedByBlock } from './paired.ts';

/** One figure of a topic that keeps the producer's batches against one that recompresses them; paired by block. */
interface RecompressionRow {
  readonly metricKey: string;
  readonly at: 'rate' | 'maximum rate';
  readonly keptMedian: number;
  readonly recompressedMedian: number;
  readonly delta: number;
  readonly comparison: Comparison;
}

export interface Recompression {
  readonly topicCodec: string;
  readonly rows: readonly RecompressionRow[];
}

const TOPIC_TYPE = 'topic.configs.compression.type';

/** At the offered rate what it costs, and at an open tap what is left of the throughput. */
const FIGURES = [
  { key: 'cpu.brokerUsPerMB', at: 'rate', delta: 0.05 },
  { key: 'due-to-ack.p50', at: 'rate', delta: 0.1 },
  { key: 'due-to-ack.p99', at: 'rate', delta: 0.1 },
  { key: 'end-to-end.p99', at: 'rate', delta: 0.1 },
  { key: 'diskPerRecord', at: 'rate', delta: 0.02 },
  { key: 'cpu.consumerUsPerMB', at: 'rate', delta: 0.05 },
  { key: 'achievedPerSec', at: 'maximum rate', delta: 0.05 },
] as const;

export function compareRecompression(cells: readonly CellSummary[], topicCodec: string): Recompression {
  const cellOf = (type: string, at: 'rate' | 'maximum rate') =>
    cells.find(
      (cell) =>
        cell.settings[TOPIC_TYPE] === type && (cell.settings['rate'] === 'max') === (at === 'maximum rate'),
    );
  const pairs = FIGURES.flatMap(({ key, at, delta }) => {
    const [kept, redone] = [cellOf('producer', at), cellOf(topicCodec, at)];
    if (kept === undefined || redone === undefined) return [];
    const input = pairedByBlock(metricOf(key), delta, kept, redone);
    if (input === null) return [];
    return [{ key, at, delta, input }];
  });
  const comparisons = compareFamily(pairs.map(({ input }) => input));
  const rows = pairs.flatMap(({ key, at, delta, input }, i): RecompressionRow[] => {
    const comparison = comparisons[i];
    if (comparison === undefined) return [];
    return [
      {
        metricKey: key,
        at,
        keptMedian: median(input.base),
        recompressedMedian: median(input.candidate),
        delta,
        comparison,
      },
    ];
  });
  return { topicCodec, rows };
}
