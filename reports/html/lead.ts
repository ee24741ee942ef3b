import { language } from '../../bench/messages/language.ts';
import { text } from '../../bench/messages/texts.ts';
import type { Answer } from '../answer/answer.ts';
import { type Badge, badgesOf } from '../answer/badges.ts';
import { constantSettings } from '../run/constants.ts';
import { formatThreshold } from '../run/format-threshold.ts';
import { describeCounts, type RunSummary } from '../run/run-summary.ts';
import { escaped } from './markup.ts';

/** What the run asks: its workload's first comment, else its description, else its name. */
export function questionOf({ run }: RunSummary): string {
  const { name, question, workload } = run.manifest;
  const described = workload['description'];
  return question ?? (typeof described === 'string' && described !== '' ? described : name);
}

/** Which run it is: "quickstart · 2026-02-03 · 16 cells, …". */
export function kickerOf(summary: RunSummary): string {
  const { name, createdAt } = summary.run.manifest;
  return `${name} · ${createdAt.slice(0, 10)} · ${describeCounts(summary)}`;
}

/** The head of a report: the question, the answer with its certainty, and the caveats as badges. */
export function headHtml(summary: RunSummary, answer: Answer): string {
  return `<p class="kicker">${escaped(kickerOf(summary))}.</p>
<h1>${escaped(questionOf(summary))}</h1>
<div class="${answer.state}" lang="${language()}"><p class="answer">${escaped(answer.sentence)}</p>
<p class="certainty">${escaped(answer.certainty)}</p></div>
${badgesHtml(badgesOf(summary))}`;
}

export function badgesHtml(badges: readonly Badge[]): string {
  if (badges.length === 0) return '';
  const items = badges.map(
    (one) => `<li><a class="badge ${one.kind}" href="#${escaped(one.target)}">${escaped(one.text)}</a></li>`,
  );
  return `<ul class="badges" aria-label="Caveats">${items.join('')}</ul>`;
}

/** Beside the chart: thresholds, what is best by other aims, and what all cells share. */
export function factsHtml(summary: RunSummary, { byOtherAims }: Answer): string {
  const parts = [
    thresholdsHtml(summary),
    byOtherAims.length === 0
      ? ''
      : `<h3>${text('facts.other-aims')}</h3><dl>${byOtherAims
          .map((one) => `<dt>${escaped(one.aim)}</dt><dd>${escaped(one.text)}</dd>`)
          .join('')}</dl>`,
    `<h3>${text('facts.same')}</h3><p>${escaped(constantSettings(summary.run.manifest).join(' · ') || text('facts.nothing-same'))}</p>`,
  ];
  return `<aside class="facts" aria-label="Facts">${parts.join('\n')}</aside>`;
}

/** One chip a threshold: how many cells pass it, or what the whole run came to. */
function thresholdsHtml({ thresholds, run }: RunSummary): string {
  const chips = run.manifest.thresholds.flatMap((threshold) => {
    const bare = threshold.replace(/^run:\s*/, '');
    const own = thresholds.filter((one) => one.text === threshold || one.text === bare);
    const [first] = own;
    if (first === undefined) return [];
    const failed = own.filter(({ passed }) => passed === false).length;
    const unknown = own.filter(({ passed }) => passed === null).length;
    const state = failed > 0 ? 'fail' : unknown > 0 ? 'no-data' : 'pass';
    const words =
      own.length === 1
        ? { fail: 'breached', 'no-data': 'no data', pass: 'passed' }[state]
        : {
            fail: `breached in ${failed} of ${own.length} cells`,
            'no-data': `no data in ${unknown} of ${own.length} cells`,
            pass: `passed in all ${own.length} cells`,
          }[state];
    const sign = { fail: '✗', 'no-data': '?', pass: '✓' }[state];
    const detail = own.length === 1 ? ` title="${escaped(formatThreshold(first))}"` : '';
    return [`<li><span class="chip ${state}"${detail}>${sign} ${escaped(threshold)}: ${words}</span></li>`];
  });
  return chips.length === 0
    ? ''
    : `<h3>${text('facts.thresholds')}</h3><ul class="thresholds">${chips.join('')}</ul>`;
}
