import { join } from 'node:path';
import { KsweepError } from '../../bench/common/errors.ts';
import { packageRoot } from '../../bench/common/package-root.ts';
import { leadOf } from '../html/page.ts';
import type { ReportSummary } from '../run/write-reports.ts';
import { cardSvg } from './card.ts';

/** Inter, cut to the characters of the card; what it lacks comes from the system's fonts. */
const FONTS = ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((name) =>
  join(packageRoot(), 'reports', 'card', 'fonts', name),
);

/** The card of a run that was reported. Throws as {@link pngOf} does. */
export function cardPng({ summary, answer, figures }: ReportSummary): Promise<Uint8Array> {
  return pngOf(cardSvg(summary, answer, leadOf(summary, answer, figures)));
}

/** An SVG as PNG at its own size. Throws `setup-failed` where the drawing library has no binary for this platform. */
async function pngOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js').catch((error: unknown) => {
    throw new KsweepError(
      'setup-failed',
      `the card cannot be drawn on ${process.platform}-${process.arch}: ${error}`,
      {
        hint: 'install ksweep with its optional packages, or draw the chart as SVG with `ksweep plot`',
        cause: error,
      },
    );
  });
  const drawn = new Resvg(svg, {
    font: { fontFiles: FONTS, loadSystemFonts: true, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
  }).render();
  return drawn.asPng();
}
