import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { money } from '../../../../reports/sizing/render/plain-columns.ts';
import { formatUnit } from '../../../results/figure-units.ts';
import { type Metric, metricOf } from '../../../results/metrics.ts';
import type { RepeatResult } from '../../../results/result.ts';
import type { Priority } from '../request.ts';
import { type CpuBase, cpuBaseOf, monthlyCost, type PriceTerms } from './price.ts';

/** One thing to be good at: its figure, and the relative difference in it that matters. */
export interface Aim {
  readonly priority: Priority;
  readonly metric: Metric;
  readonly delta: number;
}

const cpuMetric: Metric = {
  key: 'cpu.clientsUsPerMB',
  label: 'CPU of producer and consumer per MB',
  unit: 'usPerMB',
  column: 'cpuClientsUsPerMB',
  direction: 'lower-is-better',
  read({ outcome, cpu }: RepeatResult) {
    const { producerUsPerMB, consumerUsPerMB } = cpu;
    return outcome === 'failed' || producerUsPerMB === null ? null : producerUsPerMB + (consumerUsPerMB ?? 0);
  },
  format: (value) => formatUnit(value, 'usPerMB'),
};

/** The month's cost of one repeat's bytes and CPU, the stamp included: it weighs on every cell. */
function costMetric(terms: PriceTerms, base: CpuBase): Metric {
  const { currency } = terms.prices;
  return {
    key: 'cost.perMonth',
    label: `cost per month, ${currency}`,
    unit: 'ratio',
    column: 'costPerMonth',
    direction: 'lower-is-better',
    read: (result) => monthlyCost(result, terms, base),
    format: (value) => money(value, currency),
  };
}

/**
 * Latency, bytes and CPU, over which the Pareto front is taken, and the cost that follows from the last two. The
 * latency is the highest percentile that each of the cells has samples for.
 */
export function aimsOf(cells: readonly CellSummary[], terms: PriceTerms): Record<Priority, Aim> {
  const measured = cells.filter(({ state }) => state === 'valid');
  const percentiles = ['due-to-ack.p99', 'due-to-ack.p50'].map(metricOf);
  const latency =
    percentiles.find((metric) => measured.every((cell) => cell.of(metric) !== null)) ??
    metricOf('due-to-ack.p50');
  return {
    latency: { priority: 'latency', metric: latency, delta: 0.1 },
    cpu: { priority: 'cpu', metric: cpuMetric, delta: 0.05 },
    bytes: { priority: 'bytes', metric: metricOf('wirePerRecord'), delta: 0.02 },
    cost: { priority: 'cost', metric: costMetric(terms, cpuBaseOf(cells, terms)), delta: 0.05 },
  };
}

/** The aims in the order in which they decide: the priority first, the cost only where it is the priority. */
export function ordered(aims: Record<Priority, Aim>, priority: Priority): Aim[] {
  const rest = [aims.latency, aims.bytes, aims.cpu].filter((aim) => aim.priority !== priority);
  return [aims[priority], ...rest];
}

/** The aims of the front: cost is made of two of them. */
export const frontMetrics = (aims: Record<Priority, Aim>): Metric[] =>
  [aims.latency, aims.cpu, aims.bytes].map(({ metric }) => metric);
