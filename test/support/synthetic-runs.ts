import { writeReports } from '../../reports/run/write-reports.ts';
import { type RunFolderOptions, writeRunFolder } from './run-folder.ts';

/** Runs that differ in what they swept, and so in what their reports show. */
export const RUNS = {
  sweep: {
    axes: {
      'compression.type': ['none', 'lz4', 'zstd', 'gzip'],
      'linger.ms': [0, 20],
      'batch.size': [16384, 131072],
    },
    blocks: 2,
    invalidShare: 0.1,
    failedShare: 0.03,
    invalidCells: [5],
    unfinished: 3,
    thresholds: ['due-to-ack p99 < 20ms', 'run: lost == 0'],
  },
  rates: { axes: { acks: ['all', 1], rate: [5_000, 20_000, 40_000] }, blocks: 2 },
  maximum: { axes: { partitions: [1, 12] }, blocks: 2, search: true },
  many: {
    axes: {
      'compression.type': ['none', 'lz4'],
      'linger.ms': [0, 5, 20],
      partitions: [1, 12],
      acks: ['all', 1],
    },
    blocks: 2,
  },
  single: { axes: {}, blocks: 1 },
} as const satisfies Readonly<Record<string, RunFolderOptions>>;

export type RunName = keyof typeof RUNS;

/** Writes such a run below `root` and all of its views; the path of its page. */
export async function reportOf(root: string, name: RunName, measuredSec = 3): Promise<string> {
  const dir = await writeRunFolder(root, { ...RUNS[name], name, measuredSec });
  return (await writeReports(dir)).files['report.html'] ?? '';
}
