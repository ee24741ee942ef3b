import { scalesOf } from '../../bench/results/figure-units.ts';
import type { Answer } from '../answer/answer.ts';
import { REPORT_KIND, REPORT_SCHEMA_VERSION, reportDocument } from '../files/report-document.ts';
import { boundsOf } from '../run/format-spread.ts';
import type { RunSummary } from '../run/run-summary.ts';
import { escaped } from './markup.ts';

/**
 * Where another run's report.json is dropped. What the script needs of this run is in an attribute: its work, its ground,
 * and median and bounds of each cell by each aim of the question.
 */
export function besideHtml(summary: RunSummary, answer: Answer): string {
  const { goals } = answer;
  const metrics = goals === null ? [] : [goals.main, ...goals.others];
  const { name, runId, folder, work, ground, constants } = reportDocument(summary, answer);
  const own = {
    kind: REPORT_KIND,
    schemaVersion: REPORT_SCHEMA_VERSION,
    name,
    runId,
    folder,
    work,
    ground,
    constants,
    aims: metrics.map(({ key, label, unit }) => ({
      key,
      label,
      scales: scalesOf(unit).map(({ divisor, suffix }) => [divisor, suffix]),
    })),
    cells: summary.cells.map(({ cell }) => [
      cell.name,
      ...metrics.map((metric) => {
        const figure = cell.of(metric);
        if (figure === null) return null;
        const bounds = boundsOf(figure);
        return bounds === null ? [figure.median] : [figure.median, bounds.low, bounds.high];
      }),
    ]),
  };
  return `<p class="reading">The medians of two runs, cell by cell. A difference here is no verdict: <code>ksweep compare</code> gives verdicts with their certainty.</p>
<div class="beside" data-run="${escaped(JSON.stringify(own))}"><p><code class="command">ksweep compare ${escaped(folder)} OTHER_RUN_FOLDER</code></p>
<p class="drop" hidden><label>Drop the other run’s report.json anywhere on this page, or choose it: <input type="file" accept=".json,application/json"></label></p>
<div class="result" role="status"></div></div>`;
}
