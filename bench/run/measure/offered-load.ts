import type { Rate } from '../../common/units.ts';
import type { ArrivalPattern } from '../../corpus/sample/arrivals.ts';
import type { ProducerAssignment, RateStep } from '../../load/protocol.ts';
import type { LoadShape } from '../../load/schedule.ts';
import type { ShapeSpec } from '../../workload/load-schema.ts';
import type { CellWorkload } from '../../workload/plan.ts';

/** What turns a workload's rate into due times. */
export interface LoadFacts {
  /** Of a payload: rates in bytes become records by it. */
  readonly meanBytes: number;
  /** The sample's, where the load replays one. */
  readonly pattern: ArrivalPattern | null;
  /** Of the block: bursts come at the same times in all its cells. */
  readonly seed: number;
}

const perSecOf = ({ kind, perSec }: Rate, meanBytes: number): number =>
  kind === 'records' ? perSec : perSec / meanBytes;

function shapeOf(
  rate: ShapeSpec,
  load: CellWorkload['load'],
  { meanBytes, pattern, seed }: LoadFacts,
): LoadShape {
  const perSec = (value: Rate): number => perSecOf(value, meanBytes);
  const startUs = load.warmup * 1000;
  if ('ramp' in rate) {
    const { from, to } = rate.ramp;
    return {
      kind: 'ramp',
      fromPerSec: perSec(from),
      toPerSec: perSec(to),
      startUs,
      overUs: load.duration * 1000,
    };
  }
  if ('sine' in rate) {
    const { mean, amplitude, period } = rate.sine;
    return { kind: 'sine', meanPerSec: perSec(mean), amplitude, periodUs: period * 1000, startUs };
  }
  if ('bursts' in rate) {
    const { base, every, size, jitter } = rate.bursts;
    const basePerSec = base === undefined ? 0 : perSec(base);
    return { kind: 'bursts', basePerSec, size, everyUs: every * 1000, jitter, seed };
  }
  if (pattern === null) throw new Error('a replay needs the arrivals of its sample');
  return {
    kind: 'replay',
    offsetsUs: pattern.offsetsUs,
    periodUs: pattern.periodUs,
    speed: rate.replay.speed,
  };
}

/** One producer's share of the offered load, of which there are `count`. */
export function offeredLoad(
  workload: CellWorkload,
  count: number,
  facts: LoadFacts,
): ProducerAssignment['rate'] {
  const { rate, arrivals, warmup } = workload.load;
  const perSec = (value: Rate): number => perSecOf(value, facts.meanBytes) / count;
  if (rate === 'max') return 'max';
  if ('kind' in rate) return { steps: [{ fromUs: 0, perSec: perSec(rate) }], arrivals };
  if ('search' in rate) throw new Error('a searched rate has to be fixed before a repeat is planned');
  if (!('steps' in rate)) return { shape: shapeOf(rate, workload.load, facts), producers: count, arrivals };
  // The warm-up runs at the first step's rate, so that the first step is measured in full.
  let fromUs = warmup * 1000;
  const steps = rate.steps.map((step, index): RateStep => {
    const from = index === 0 ? 0 : fromUs;
    fromUs += step.for * 1000;
    return { fromUs: from, perSec: perSec(step.rate) };
  });
  return { steps, arrivals };
}
