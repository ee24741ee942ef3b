import { text } from '../../bench/messages/texts.ts';
import type { Answer } from '../answer/answer.ts';
import { type Badge, badgesOf } from '../answer/badges.ts';
import { colour, withLightColours } from '../charts/palette.ts';
import { type Chart, renderSvg } from '../charts/render.ts';
import { kickerOf, questionOf } from '../html/lead.ts';
import { constantSettings } from '../run/constants.ts';
import type { RunSummary } from '../run/run-summary.ts';
import type { View } from '../views/view.ts';
import { linesSvg, textWidth, wrapped } from './text.ts';

/** The size that chats and pull requests show whole. */
const CARD_WIDTH = 1200;
const CARD_HEIGHT = 630;
const EDGE = 44;
const GAP = 28;
const INNER = CARD_WIDTH - 2 * EDGE;
const ASIDE = 320;

interface Picture {
  readonly view: View;
  readonly chart: Chart;
}

/** report's first screen as one picture: the question, the answer with its certainty, the chart that shows it, the caveats. */
export function cardSvg(summary: RunSummary, answer: Answer, picture: Picture | null): string {
  const parts: string[] = [];
  let y = EDGE + 10;
  const add = (lines: readonly string[], sizePx: number, attributes: string, x = EDGE) => {
    parts.push(linesSvg(lines, { x, y, sizePx }, attributes));
    y += Math.round(lines.length * sizePx * 1.3);
  };
  const mark = 'ksweep';
  parts.push(
    linesSvg(
      [mark],
      { x: CARD_WIDTH - EDGE, y, sizePx: 20 },
      `text-anchor="end" font-weight="600" fill="${colour('s1')}"`,
    ),
  );
  add(wrapped(kickerOf(summary), 17, INNER - 120, 1), 17, `fill="${colour('soft')}"`);
  y += 16;
  add(wrapped(questionOf(summary), 30, INNER, 2), 30, `font-weight="600" fill="${colour('fg')}"`);
  const from = y - 12;
  const bar = EDGE + 18;
  y += 6;
  add(wrapped(answer.sentence, 23, INNER - 18, 2), 23, `font-weight="600" fill="${colour('fg')}"`, bar);
  add(
    wrapped(answer.certainty, 17, INNER - 18, 1),
    17,
    `fill="${colour(answer.state === 'shown' ? 'good' : 'soft')}"`,
    bar,
  );
  const shade = { shown: 'good', open: 's1', none: 'bad' } as const;
  parts.push(
    `<rect x="${EDGE}" y="${from - 6}" width="6" height="${y - from - 4}" rx="3" fill="${colour(shade[answer.state])}"/>`,
  );
  y += 8;
  const height = CARD_HEIGHT - EDGE / 2 - y;
  if (picture !== null) {
    const width = INNER - ASIDE - GAP;
    parts.push(
      linesSvg(
        wrapped(picture.view.title, 16, width, 1),
        { x: EDGE, y: y + 8, sizePx: 16 },
        `font-weight="600" fill="${colour('fg')}"`,
      ),
      chartSvg(picture, { x: EDGE, y: y + 18, width, height: height - 18 }),
    );
  }
  const aside = picture === null ? EDGE : CARD_WIDTH - EDGE - ASIDE;
  parts.push(asideSvg(summary, { x: aside, y: y - 6, width: ASIDE, height }));
  const ground = `<rect width="${CARD_WIDTH}" height="${CARD_HEIGHT}" fill="${colour('bg')}"/>`;
  const size = `width="${CARD_WIDTH}" height="${CARD_HEIGHT}" viewBox="0 0 ${CARD_WIDTH} ${CARD_HEIGHT}"`;
  return withLightColours(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Inter">${ground}${parts.join('')}</svg>`,
  ).replaceAll('system-ui, sans-serif', 'Inter');
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Drawn anew in the box where its plot takes any size, else made smaller as a whole. */
function chartSvg({ view, chart }: Picture, { x, y, width, height }: Box): string {
  const fitted = chart.sized?.(width, height) ?? chart;
  const svg = renderSvg(fitted, { id: 'card', title: view.title, description: view.reading });
  return svg
    .replace(/ width="[\d.]+" height="[\d.]+"/, ` x="${x}" y="${y}" width="${width}" height="${height}"`)
    .replace('xMinYMid meet', 'xMinYMin meet');
}

/** Thresholds, caveats, and what all cells share, as far as there is room. */
function asideSvg(summary: RunSummary, { x, y, width, height }: Box): string {
  const inner = width - 2 * 16;
  const parts: string[] = [];
  let at = y + 28;
  const bottom = y + height - 14;
  const head = (words: string) => {
    parts.push(
      linesSvg([words], { x: x + 16, y: at, sizePx: 14 }, `font-weight="600" fill="${colour('fg')}"`),
    );
    at += 12;
  };
  const badges = badgesOf(summary);
  if (badges.length > 0) {
    head('Caveats');
    for (const badge of badges) {
      if (at + 30 > bottom) break;
      parts.push(badgeSvg(badge, x + 16, at, inner));
      at += 32;
    }
    at += 24;
  }
  const constants = constantSettings(summary.run.manifest).join(' · ');
  const room = Math.floor((bottom - at - 12) / 19);
  if (constants !== '' && room > 0) {
    head(text('facts.same'));
    parts.push(
      linesSvg(
        wrapped(constants, 14, inner, room),
        { x: x + 16, y: at + 12, sizePx: 14, leading: 1.35 },
        `fill="${colour('soft')}"`,
      ),
    );
  }
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${colour('card')}" stroke="${colour('line')}"/>${parts.join('')}`;
}

function badgeSvg(badge: Badge, x: number, y: number, maxWidth: number): string {
  const { kind } = badge;
  const [line = ''] = wrapped(badge.text, 14, maxWidth - 24, 1);
  const shade = colour(kind === 'plain' ? 'soft' : kind);
  const width = Math.round(textWidth(line, 14) + 24);
  return `<rect x="${x}" y="${y}" width="${width}" height="25" rx="12.5" fill="${colour('bg')}" stroke="${shade}"/>${linesSvg([line], { x: x + 12, y: y + 17, sizePx: 14 }, `fill="${shade}"`)}`;
}
