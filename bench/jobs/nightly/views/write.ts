import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../../common/write-atomically.ts';
import type { NightReport } from '../report.ts';
import { badgeJson, badgeSvg } from './badge.ts';
import { nightJson } from './json.ts';
import { nightJunit } from './junit.ts';
import { nightMarkdown } from './markdown.ts';
import { nightHtml } from './night-page.ts';
import { nightOpenMetrics } from './openmetrics.ts';
import { trendHtml } from './trend.ts';

/** Writes the night's views into its folder, and those that always show the last night beside the history. */
export async function writeNightViews(report: NightReport, history: string, nightDir: string): Promise<void> {
  await mkdir(nightDir, { recursive: true });
  const write = (dir: string, name: string, content: string): Promise<void> =>
    writeAtomically(join(dir, name), [content]);
  await write(nightDir, 'report.md', nightMarkdown(report));
  await write(nightDir, 'report.json', nightJson(report));
  await write(nightDir, 'junit.xml', nightJunit(report));
  await write(nightDir, 'report.html', nightHtml(report, nightDir));
  await write(history, 'trend.html', trendHtml(report));
  await write(history, 'metrics.prom', nightOpenMetrics(report));
  await write(history, 'badge.svg', badgeSvg(report));
  await write(history, 'badge.json', badgeJson(report));
}
