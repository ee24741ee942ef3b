import type { BrokerHardware } from './broker-hardware.ts';
import { type Figure, figure } from './figure.ts';
import type { Cost } from './report.ts';

/** Controllers of the KRaft quorum: an odd number, three in production; Amazon MSK has its own in the price. */
export function controllersFigure({ platform }: BrokerHardware, phase: string | undefined): Figure {
  const msk = platform === 'msk';
  return {
    ...figure(
      'Controllers',
      msk ? 0 : phase === 'test' ? 1 : 3,
      '',
      'documented limit',
      msk
        ? 'Amazon MSK runs them, and bills none'
        : 'Kafka documentation, KRaft: three in production, one for tests',
    ),
    binds: 'the quorum',
  };
}

/** What it costs a month, and the largest part of it; none where a price is missing. */
export function costFigure(cost: Cost | null): Figure[] {
  if (cost === null || cost.perMonth === null) return [];
  const largest = cost.lines.reduce((most, line) =>
    (line.perMonth ?? 0) > (most.perMonth ?? 0) ? line : most,
  );
  const one = figure(
    'Cost',
    cost.perMonth,
    `${cost.currency} per month`,
    'assumption',
    `of these brokers: on demand, ${cost.region}, documented prices as of ${cost.asOf}`,
  );
  return [{ ...one, binds: `${largest.item}, its largest part` }];
}
