import { createRandom } from '../common/random.ts';
import type { ProducerAssignment, RateStep } from './protocol.ts';
import { createSchedule, type LoadShape } from './schedule.ts';

/**
 * When each record is due. Pure: time is µs from the start of the load, randomness is an argument.
 * Record i of a constant rate r is due at i / r; a step continues from where the one before it ended.
 */
export interface Pacer {
  /** When the next record is due, µs from the start; Infinity when there is none. */
  readonly dueUs: number;
  /** Moves on to the record after it. */
  advance(): void;
}

/** A pacer whose records are all due at once: an open tap, for maximum-rate runs. */
export function createOpenPacer(): Pacer {
  return { dueUs: 0, advance() {} };
}

/**
 * @param steps rates in records a second by start time, the first at 0; a rate of 0 pauses until the next step
 * @param phase where in its first interval this producer starts, 0 to 1: spreads the producers of a constant rate evenly
 * @param exponential draws inter-arrival times of mean 1 for a Poisson process; omitted: constant intervals of 1
 */
export function createPacer(steps: readonly RateStep[], phase: number, exponential?: () => number): Pacer {
  let step = 0;
  // Work left until the next record, in records: time consumes it at the step's rate.
  let fromUs = steps[0]?.fromUs ?? 0;
  let dueUs = Number.POSITIVE_INFINITY;

  const schedule = (records: number): void => {
    let left = records;
    for (;;) {
      const current = steps[step];
      if (current === undefined) {
        dueUs = Number.POSITIVE_INFINITY;
        return;
      }
      const endUs = steps[step + 1]?.fromUs ?? Number.POSITIVE_INFINITY;
      const at = current.perSec > 0 ? fromUs + (left * 1e6) / current.perSec : Number.POSITIVE_INFINITY;
      if (at < endUs || endUs === Number.POSITIVE_INFINITY) {
        dueUs = at;
        return;
      }
      left -= ((endUs - fromUs) * current.perSec) / 1e6;
      fromUs = endUs;
      step++;
    }
  };

  schedule(exponential === undefined ? phase : exponential());

  return {
    get dueUs() {
      return dueUs;
    },
    // Adding intervals loses under 1 µs over ten million records, so due times need no index.
    advance() {
      fromUs = dueUs;
      schedule(exponential === undefined ? 1 : exponential());
    },
  };
}

/**
 * A pacer of every `producers`th record of a shape, so that all producers together send each of them once: record m at
 * the time at which the integral of the rate reaches m.
 * @param exponential as of createPacer: the places of a Poisson process of rate 1, stretched by the shape
 */
export function createShapePacer(
  shape: LoadShape,
  index: number,
  producers: number,
  exponential?: () => number,
): Pacer {
  const schedule = createSchedule(shape);
  let record = index;
  let work = exponential?.() ?? 0;
  const due = (): number => schedule(exponential === undefined ? record : work * producers);
  let dueUs = due();
  return {
    get dueUs() {
      return dueUs;
    },
    advance() {
      record += producers;
      work += exponential?.() ?? 0;
      // What is rounded in a schedule must not turn time back.
      dueUs = Math.max(dueUs, due());
    },
  };
}

/** The due times that an assignment asks for. */
export function pacerOf(assignment: ProducerAssignment): Pacer {
  if (assignment.rate === 'max') return createOpenPacer();
  const { rate } = assignment;
  const random = createRandom(assignment.seed).fork(`arrivals ${assignment.index}`);
  const exponential = () => -Math.log(1 - random.next());
  const draw = rate.arrivals === 'poisson' ? exponential : undefined;
  return 'shape' in rate
    ? createShapePacer(rate.shape, assignment.index, rate.producers, draw)
    : createPacer(rate.steps, assignment.phase, draw);
}
