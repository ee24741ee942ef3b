import { join } from 'node:path';
import { type ParetoView, paretoViews } from '../../../../reports/views/pareto.ts';
import { writeAtomically } from '../../../common/write-atomically.ts';
import { aimsOf, frontMetrics } from './aims.ts';
import { codecsHtml } from './html.ts';
import { codecsMarkdown } from './markdown.ts';
import { type CodecsReport, cellsOf, type MeasuredPhase } from './report.ts';

/** The screen's trade-offs as pictures, its cells named as in the tables. */
function pictures(screen: MeasuredPhase, report: CodecsReport): ParetoView[] {
  const cells = cellsOf(screen).map((cell) => ({ ...cell, settings: { codec: cell.label } }));
  return paretoViews(cells, frontMetrics(aimsOf(cells, report.terms)));
}

/** Writes codecs.json, codecs.md and codecs.html into `dir`; returns their paths by name. */
export async function writeCodecsReport(
  dir: string,
  report: CodecsReport,
  screen: MeasuredPhase,
): Promise<Record<string, string>> {
  const views = {
    'codecs.json': `${JSON.stringify(report, null, 2)}\n`,
    'codecs.md': codecsMarkdown(report),
    'codecs.html': codecsHtml(report, pictures(screen, report)),
  };
  const files: Record<string, string> = {};
  for (const [name, content] of Object.entries(views)) {
    files[name] = join(dir, name);
    await writeAtomically(join(dir, name), [content]);
  }
  return files;
}
