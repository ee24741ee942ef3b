import { findPrices, loadCatalog } from '../../infra/catalog/catalog.ts';
import type { BrokerCpu } from '../../reports/sizing/broker-load.ts';
import { buildProblem } from '../../reports/sizing/build.ts';
import type { Capacity } from '../../reports/sizing/capacity.ts';
import { exactly, type Figure } from '../../reports/sizing/figure.ts';
import { checkInput } from '../../reports/sizing/input/check.ts';
import { partitionsDemandSchema } from '../../reports/sizing/input/demand.ts';
import type { PartitionProblem } from '../../reports/sizing/partition-problem.ts';

/** The shipped catalogue, whatever the developer's own machine has refreshed. */
export const shippedCatalog = loadCatalog({ env: { XDG_DATA_HOME: '/nonexistent' } });

/** A measured capacity without noise: partitions and the runs' values; the interval is the range of the runs. */
export function measuredCapacity(
  points: readonly (readonly [partitions: number, values: readonly number[]])[],
  more: Partial<Capacity> = {},
): Capacity {
  const list = points.map(([partitions, values]) => {
    const sorted = [...values].sort((a, b) => a - b);
    return {
      partitions,
      repeats: values,
      low: sorted[0] ?? 0,
      point: sorted[Math.floor(sorted.length / 2)] ?? 0,
      high: sorted.at(-1) ?? 0,
      atLeast: false,
      p99Us: null,
    };
  });
  return {
    basis: 'measured',
    points: list,
    model: null,
    perPartition: list.find((point) => point.partitions === 1) ?? null,
    perPartitionKind: 'measured',
    perPartitionSource: 'test',
    perConsumer: null,
    perConsumerKind: 'measured',
    perConsumerSource: 'test',
    ...more,
  };
}

/** Broker CPU as a run on the same type measured it, µs for a MB and replica. */
export const measuredCpu = (usPerMB: number): BrokerCpu => ({ usPerMB, kind: 'measured', source: 'test' });

/** The problem that a demand, as the user would write it, makes of the shipped catalogue. */
export function problemOf(answers: Record<string, unknown>, capacity?: Capacity): PartitionProblem {
  const demand = checkInput(partitionsDemandSchema, answers);
  const assumptions: Figure[] = [];
  const figures = capacity === undefined ? answers : { ...answers, perPartition: '10MB/s' };
  const problem = buildProblem(
    capacity === undefined ? demand : checkInput(partitionsDemandSchema, figures),
    shippedCatalog,
    null,
    new Set(Object.keys(answers)),
    assumptions,
  );
  return capacity === undefined ? problem : { ...problem, capacity };
}

/** Four measured numbers of partitions, a little below proportional. */
export const CURVE = measuredCapacity([
  [1, [10e6, 11e6, 12e6]],
  [2, [19e6, 20e6, 22e6]],
  [4, [36e6, 38e6, 40e6]],
  [8, [60e6, 64e6, 70e6]],
]);

/** A scalability law through 10 MB/s of one partition, fitted up to 16. */
export const LAW = {
  alpha: 0.05,
  beta: 0.001,
  gamma: 10e6,
  peakPartitions: 30.8,
  peakInterval: null,
  relativeResidual: 0.01,
  rSquared: 0.99,
  residuals: [{ partitions: 1, relative: -0.01 }],
  maxPartitions: 16,
  at: (n: number) => exactly((10e6 * n) / (1 + 0.05 * (n - 1) + 0.001 * n * (n - 1))),
};

/** What a report needs beside its problem, of the shipped catalogue. */
export const reportContext = (basis: string) => ({
  basis,
  phase: undefined,
  assumptions: [],
  warnings: [],
  catalog: shippedCatalog,
  prices: findPrices(shippedCatalog, 'us-east-1'),
  followerFetching: false,
});
