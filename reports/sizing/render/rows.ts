import { formatNumber } from '../../../bench/common/format-number.ts';
import type { Figure } from '../figure.ts';
import { formatFigure, formatValue } from '../format.ts';
import type { SizingReport } from '../report.ts';

/** The tables that every full view has: their heads and cells as text. */

export const FIGURE_HEAD = ['Figure', 'Value', 'Kind', 'Source'];

export const figureRow = (one: Figure): string[] => [one.name, formatFigure(one), one.kind, one.source];

export const GROUP_HEAD = ['Group', 'Consumers', 'Spares', 'Running', 'Idle', 'Bound by'];

export const groupRow = (group: SizingReport['groups'][number]): string[] => [
  group.name,
  formatNumber(group.consumers),
  formatNumber(group.spares),
  group.running === null ? '–' : formatNumber(group.running),
  formatNumber(group.idle),
  group.bound,
];

export const BROKER_HEAD = [
  'Resource',
  'Brokers',
  'With failures',
  'Used at peak',
  'After failure',
  'The limit is',
  'Source',
];

type Brokers = NonNullable<SizingReport['brokers']>;

export const brokersTitle = ({ instance, binding }: Brokers): string =>
  `Brokers (${instance}), bound by ${binding}`;

const count = (brokers: number | null) => (brokers === null ? '∞' : formatNumber(brokers));
const share = (value: number | null) => (value === null ? '–' : formatValue(value, 'share'));

export const brokerRow = (need: Brokers['needs'][number]): string[] => [
  need.resource,
  count(need.brokers),
  count(need.brokersWithFailures),
  share(need.utilizationAtPeak),
  share(need.utilizationAfterFailure),
  need.limitKind,
  need.source,
];
