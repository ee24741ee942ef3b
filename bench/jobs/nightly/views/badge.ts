import { escaped } from '../../../../reports/html/markup.ts';
import { EXIT } from '../../../common/errors.ts';
import type { NightReport } from '../report.ts';
import { statusWord } from './words.ts';

/** White text on each has a contrast of at least 4.5. */
const COLOURS: Readonly<Record<number, string>> = {
  [EXIT.pass]: '#1a7f37',
  [EXIT.invalid]: '#6e5d00',
  [EXIT.harness]: '#59636e',
};
const FAILED = '#b31d28';

const colourOf = ({ status }: NightReport): string => COLOURS[status] ?? FAILED;

/** For shields.io's endpoint badge. */
export function badgeJson(report: NightReport): string {
  return `${JSON.stringify({ schemaVersion: 1, label: 'nightly', message: statusWord(report.status), color: colourOf(report) })}\n`;
}

/** Width of a text in an 11 px sans-serif: an estimate that `textLength` makes exact. */
const widthOf = (text: string): number => Math.round(text.length * 6.3 + 10);

export function badgeSvg(report: NightReport): string {
  const [label, message] = ['nightly', statusWord(report.status)];
  const [left, right] = [widthOf(label), widthOf(message)];
  const text = (content: string, x: number, width: number): string =>
    `<text x="${x + width / 2}" y="14" textLength="${width - 10}" text-anchor="middle">${escaped(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${escaped(`${label}: ${message}`)}"><title>${escaped(`${label}: ${message}`)}</title><clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="20" fill="#444c56"/><rect x="${left}" width="${right}" height="20" fill="${colourOf(report)}"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(label, 0, left)}${text(message, left, right)}</g></svg>
`;
}
