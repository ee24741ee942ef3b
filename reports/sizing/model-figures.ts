import { formatNumber } from '../../bench/common/format-number.ts';
import type { ScalabilityModel } from './capacity.ts';
import { type Figure, figure } from './figure.ts';

const percent = (share: number) =>
  `${share < 0 ? '−' : '+'}${formatNumber(Number((Math.abs(share) * 100).toFixed(1)))} %`;

/** How well the scalability law fits: its parameters, R², and how far each point lies from it. */
export function modelFigures(model: ScalabilityModel): Figure[] {
  const source = 'Universal Scalability Law (Gunther), least squares over the runs';
  const figures = [
    figure('Contention α', model.alpha, '', 'measured', source),
    figure('Coherency β', model.beta, '', 'measured', source),
    figure('R²', model.rSquared, '', 'measured', 'share of the spread that the law explains'),
    figure('Residual of the fit', model.relativeResidual, 'share', 'measured', 'root mean square'),
    figure(
      'Residual at each number of partitions',
      model.residuals.map(({ partitions, relative }) => `${partitions}: ${percent(relative)}`).join(', '),
      '',
      'measured',
      'median of (measured − law) ÷ law; one sign over several points in a row means that the law does not fit',
    ),
  ];
  if (model.peakPartitions !== null) {
    figures.push(
      figure(
        'Peak of the law',
        model.peakPartitions,
        'partitions',
        'measured',
        peakSource(model),
        model.peakInterval ?? undefined,
      ),
    );
  }
  return figures;
}

const peakSource = (model: ScalabilityModel) =>
  model.peakInterval !== null && model.peakInterval.high === null
    ? '√((1 − α)/β); some resamples have no peak at all'
    : '√((1 − α)/β)';

/** What the band around the law does not hold. */
export const BAND_NOTE =
  'The band of the law is what resampling the runs gives: that the law is the wrong one is not in it.';
