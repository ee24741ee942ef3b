import type { Rate } from '../common/units.ts';
import type { RateSearch, ShapeSpec } from './load-schema.ts';
import type { GuardSpec, Workload } from './schema.ts';

const duration = (ms: number): string => `${ms}ms`;

const rateText = ({ kind, perSec }: Rate): number | string => (kind === 'records' ? perSec : `${perSec}B/s`);

function searchInput(search: RateSearch): Record<string, unknown> {
  const { min, max, start, maxTime, ...rest } = search;
  const bounds = Object.entries({ min, max, start }).flatMap(([key, rate]) =>
    rate === undefined ? [] : [[key, rateText(rate)] as const],
  );
  const time = maxTime === undefined ? {} : { maxTime: duration(maxTime) };
  return { ...rest, ...time, ...Object.fromEntries(bounds) };
}

function shapeInput(shape: ShapeSpec): unknown {
  if ('ramp' in shape) return { ramp: { from: rateText(shape.ramp.from), to: rateText(shape.ramp.to) } };
  if ('sine' in shape) {
    const { mean, amplitude, period } = shape.sine;
    return { sine: { mean: rateText(mean), amplitude, period: duration(period) } };
  }
  if ('replay' in shape) return shape;
  const { base, every, ...rest } = shape.bursts;
  return {
    bursts: { ...rest, every: duration(every), ...(base === undefined ? {} : { base: rateText(base) }) },
  };
}

function rateInput(rate: Workload['load']['rate']): unknown {
  if (rate === 'max') return rate;
  if ('search' in rate) return { search: searchInput(rate.search) };
  if ('steps' in rate) {
    return { steps: rate.steps.map((step) => ({ rate: rateText(step.rate), for: duration(step.for) })) };
  }
  return 'kind' in rate ? rateText(rate) : shapeInput(rate);
}

const guardInput = ({ roundTrip, for: lasts, ...limits }: GuardSpec): Record<string, unknown> => ({
  ...limits,
  for: duration(lasts),
  ...(roundTrip === undefined ? {} : { roundTrip: duration(roundTrip) }),
});

/** A resolved workload, as a manifest keeps it, as a user would write it: resolving that gives the same again. */
export function asInput(workload: Workload): Record<string, unknown> {
  const { load, consumers, disruptions, guard } = workload;
  return {
    ...workload,
    load: {
      ...load,
      rate: rateInput(load.rate),
      warmup: duration(load.warmup),
      duration: duration(load.duration),
      drainLimit: duration(load.drainLimit),
      ...(load.clockError === undefined ? {} : { clockError: duration(load.clockError) }),
    },
    consumers: {
      ...consumers,
      handler: duration(consumers.handler),
      ...(consumers.late === undefined
        ? {}
        : { late: { ...consumers.late, after: duration(consumers.late.after) } }),
    },
    ...(guard === undefined ? {} : { guard: guardInput(guard) }),
    disruptions: disruptions.map(({ at, for: lasts, ...rest }) => ({
      ...rest,
      at: duration(at),
      ...(lasts === undefined ? {} : { for: duration(lasts) }),
    })),
  };
}
