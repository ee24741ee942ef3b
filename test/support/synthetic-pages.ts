import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { closePool } from '../../bench/common/pool.ts';
import { codecsHtml } from '../../bench/jobs/codecs/report/html.ts';
import { trendHtml } from '../../bench/jobs/nightly/views/trend.ts';
import { loadRun } from '../../bench/results/load-run.ts';
import { compareCells } from '../../reports/compare/compare.ts';
import { comparisonHtml } from '../../reports/compare/page.ts';
import { reportPartitions } from '../../reports/sizing/partitions-report.ts';
import { renderHtml } from '../../reports/sizing/render/html.ts';
import { reportOfCodecs } from './codecs-report.ts';
import { nightReportOf } from './night-report.ts';
import { measuredCapacity, problemOf, reportContext } from './sizing.ts';
import { reportOf } from './synthetic-runs.ts';

/** Every page but a report, by its name, and the verdicts that the comparison has. */
interface OtherPages {
  readonly pages: Readonly<Record<'comparison' | 'codecs' | 'trend' | 'sizing', string>>;
  readonly verdicts: readonly string[];
}

/** Writes them below `root`; the same each time. */
export async function otherPages(root: string, sweep?: string): Promise<OtherPages> {
  const run = await loadRun(dirname(sweep ?? (await reportOf(root, 'sweep'))));
  const curve = measuredCapacity(
    [1, 2, 4, 8].map((n) => [n, [10e6 * n ** 0.85, 10.4e6 * n ** 0.85, 11e6 * n ** 0.85]] as const),
  );
  const answers = { average: '12MB/s', peak: '24MB/s', retention: '1d', zones: 1, brokers: 6 };
  const write = (name: string, html: string): string => {
    const file = join(root, name);
    writeFileSync(file, html);
    return file;
  };
  try {
    const comparison = await compareCells(run, run.manifest.cells[0]?.id ?? '');
    const pages = {
      comparison: write('comparison.html', comparisonHtml(comparison, ['results/sweep'])),
      codecs: write('codecs.html', codecsHtml(reportOfCodecs(), [])),
      trend: write('trend.html', trendHtml(nightReportOf())),
      sizing: write(
        'sizing.html',
        renderHtml(reportPartitions(problemOf(answers, curve), reportContext('measured'))),
      ),
    };
    return { pages, verdicts: [...new Set(comparison.rows.map((row) => row.comparison.verdict))] };
  } finally {
    await closePool();
  }
}
