import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { escaped } from '../../../../reports/html/markup.ts';
import type { NightReport } from '../report.ts';
import { STEPS } from '../state.ts';
import { page, sectionsHtml } from './trend.ts';
import { headline } from './words.ts';

/** Reports of the night's runs, relative to its folder. */
function runReports(dir: string): string[] {
  return STEPS.flatMap((step) => {
    const runs = existsSync(join(dir, step)) ? readdirSync(join(dir, step)).sort() : [];
    return runs.map((run) => `${step}/${run}/report.html`).filter((path) => existsSync(join(dir, path)));
  });
}

/** report.html of one night. */
export function nightHtml(report: NightReport, dir: string): string {
  const links = ['../../trend.html', ...runReports(dir)];
  const list = links.map((href) => `<li><a href="${escaped(href)}">${escaped(href)}</a></li>`).join('');
  const intro = [
    headline(report),
    `Night ${report.night ?? ''}${report.label === null ? '' : `, label ${report.label}`}`,
  ];
  return page(
    `${report.suite}: night ${report.night ?? ''}`,
    intro,
    `${sectionsHtml(report)}
<section><h2>More</h2><ul>${list}</ul></section>`,
  );
}
