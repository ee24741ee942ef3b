import { createRandom } from '../common/random.ts';

/**
 * Loads that change by a law, over all producers; times in µs from the start of the load, which the warm-up begins.
 * Each is a cumulative count Λ(t), the integral of its rate: record number m is due when Λ reaches m.
 */
export type LoadShape =
  /** `fromPerSec` until `startUs`, then in a straight line to `toPerSec` within `overUs`, where it stays. */
  | {
      readonly kind: 'ramp';
      readonly fromPerSec: number;
      readonly toPerSec: number;
      readonly startUs: number;
      readonly overUs: number;
    }
  /** `meanPerSec` until `startUs`, then mean × (1 + amplitude × sin(2π × t / period)). */
  | {
      readonly kind: 'sine';
      readonly meanPerSec: number;
      readonly amplitude: number;
      readonly periodUs: number;
      readonly startUs: number;
    }
  /** `basePerSec` all the time, and burst j of `size` records at once at (j + jitter × u) × `everyUs`, u from [0, 1). */
  | {
      readonly kind: 'bursts';
      readonly basePerSec: number;
      readonly size: number;
      readonly everyUs: number;
      readonly jitter: number;
      readonly seed: number;
    }
  /** Offsets of a sample's records, over and over, each time after `periodUs`; all of it `speed` times as fast. */
  | {
      readonly kind: 'replay';
      readonly offsetsUs: Float64Array;
      readonly periodUs: number;
      readonly speed: number;
    };

/** When the record at a place of Λ is due, µs. Places must not go back. */
export type Schedule = (place: number) => number;

function ramp({ fromPerSec, toPerSec, startUs, overUs }: Extract<LoadShape, { kind: 'ramp' }>): Schedule {
  const startSec = startUs / 1e6;
  const overSec = overUs / 1e6;
  const before = fromPerSec * startSec;
  const during = ((fromPerSec + toPerSec) / 2) * overSec;
  const slope = (toPerSec - fromPerSec) / overSec;
  return (place) => {
    if (place <= before) return (place / fromPerSec) * 1e6;
    const left = place - before;
    if (left >= during) return (startSec + overSec + (left - during) / toPerSec) * 1e6;
    // left = from × s + slope × s² / 2, solved for s in the form that loses no digits where the slope is small.
    const root = Math.sqrt(Math.max(0, fromPerSec ** 2 + 2 * slope * left));
    return (startSec + (2 * left) / (fromPerSec + root)) * 1e6;
  };
}

/** Half a step of the clock. */
const EXACT_SEC = 5e-10;
const MOST_STEPS = 100;

function sine({ meanPerSec, amplitude, periodUs, startUs }: Extract<LoadShape, { kind: 'sine' }>): Schedule {
  const startSec = startUs / 1e6;
  const turn = (2 * Math.PI * 1e6) / periodUs;
  const swing = amplitude / turn;
  let known = 0;
  return (place) => {
    const even = place / meanPerSec;
    if (even <= startSec) return even * 1e6;
    // even − start = s + swing × (1 − cos(turn × s)): Newton's steps, halving where they leave the bracket.
    const wanted = even - startSec;
    let low = Math.max(known, wanted - 2 * swing);
    let high = Math.max(low, wanted);
    let s = low;
    for (let step = 0; step < MOST_STEPS && high - low > EXACT_SEC; step++) {
      const error = s + swing * (1 - Math.cos(turn * s)) - wanted;
      if (error > 0) high = s;
      else low = s;
      const next = s - error / (1 + amplitude * Math.sin(turn * s));
      if (Math.abs(next - s) < EXACT_SEC && next >= low && next <= high) {
        s = next;
        break;
      }
      s = next > low && next < high ? next : (low + high) / 2;
    }
    known = Math.max(known, s);
    return (startSec + known) * 1e6;
  };
}

function bursts({
  basePerSec,
  size,
  everyUs,
  jitter,
  seed,
}: Extract<LoadShape, { kind: 'bursts' }>): Schedule {
  const random = createRandom(seed).fork('bursts');
  const timeOf = (burst: number): number => (burst + jitter * random.next()) * everyUs;
  let burst = 0;
  let burstUs = timeOf(0);
  return (place) => {
    for (;;) {
      const before = (basePerSec * burstUs) / 1e6 + size * burst;
      if (place < before) return ((place - size * burst) * 1e6) / basePerSec;
      if (place < before + size) return burstUs;
      burst++;
      burstUs = timeOf(burst);
    }
  };
}

function replay({ offsetsUs, periodUs, speed }: Extract<LoadShape, { kind: 'replay' }>): Schedule {
  return (place) => {
    const record = Math.floor(place);
    const round = Math.floor(record / offsetsUs.length);
    return (round * periodUs + (offsetsUs[record % offsetsUs.length] as number)) / speed;
  };
}

/** The due times of a shape. Pure: the same shape gives the same times. */
export function createSchedule(shape: LoadShape): Schedule {
  switch (shape.kind) {
    case 'ramp':
      return ramp(shape);
    case 'sine':
      return sine(shape);
    case 'bursts':
      return bursts(shape);
    case 'replay':
      return replay(shape);
  }
}
