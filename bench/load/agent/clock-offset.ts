/**
 * The offset of another host's monotonic clock to the coordinator's, from exchanges of messages, as NTP reckons it
 * (RFC 5905, section 8): with t0 and t3 of the own clock, t1 and t2 of the other one, the offset is
 * ((t1 − t0) + (t2 − t3)) / 2, and whatever the ways took, it is off by no more than half of the round trip. Pure.
 */
export interface Exchange {
  /** t0 and t3: asked and answered, µs of the own clock. */
  readonly askedUs: number;
  readonly backUs: number;
  /** t1 and t2: received and answered, µs of the other one. */
  readonly receivedUs: number;
  readonly answeredUs: number;
}

/** How far two clocks may drift apart, as a share: 50 ppm each, what quartzes are sold with. */
export const MAX_DRIFT = 100e-6;
/** A line is put through exchanges over at least this long; shorter ones tell less of drift than is known beforehand. */
const MIN_SPAN_US = 8e6;
const BUCKET_US = 1e6;

export interface Offset {
  /** The other clock less the own one, at a time of the own one, µs. */
  at(nowUs: number): number;
  /** How much it may be off at that time, µs: half a round trip, and what may have drifted since. */
  errorUs(nowUs: number): number;
  readonly drift: number;
  /** The quickest exchange, µs. */
  readonly roundTripUs: number;
}

interface Point {
  readonly atUs: number;
  readonly offsetUs: number;
  readonly roundTripUs: number;
}

function pointOf({ askedUs, backUs, receivedUs, answeredUs }: Exchange): Point {
  return {
    atUs: (askedUs + backUs) / 2,
    offsetUs: (receivedUs - askedUs + (answeredUs - backUs)) / 2,
    roundTripUs: Math.max(0, backUs - askedUs - (answeredUs - receivedUs)),
  };
}

/** The quickest exchange of each second: the others only say less. */
function quickest(points: readonly Point[]): Point[] {
  const best = new Map<number, Point>();
  for (const point of points) {
    const bucket = Math.floor(point.atUs / BUCKET_US);
    if (point.roundTripUs < (best.get(bucket)?.roundTripUs ?? Number.POSITIVE_INFINITY)) {
      best.set(bucket, point);
    }
  }
  return [...best.values()].sort((a, b) => a.atUs - b.atUs);
}

/** The line through the quickest exchanges, each weighted by how much it says; level where they cover too little time. */
function lineThrough(points: readonly Point[], origin: Point): { drift: number; offsetUs: number } {
  const weights = points.map(({ roundTripUs }) => 1 / Math.max(1, roundTripUs) ** 2);
  const sum = (of: (point: Point, i: number) => number): number =>
    points.reduce((total, point, i) => total + (weights[i] as number) * of(point, i), 0);
  const weight = sum(() => 1);
  const meanT = sum(({ atUs }) => atUs - origin.atUs) / weight;
  const meanO = sum(({ offsetUs }) => offsetUs - origin.offsetUs) / weight;
  const span = (points.at(-1)?.atUs ?? 0) - (points[0]?.atUs ?? 0);
  if (span < MIN_SPAN_US) return { drift: 0, offsetUs: 0 };
  const covariance = sum(
    ({ atUs, offsetUs }) => (atUs - origin.atUs - meanT) * (offsetUs - origin.offsetUs - meanO),
  );
  const variance = sum(({ atUs }) => (atUs - origin.atUs - meanT) ** 2);
  const drift = Math.max(-MAX_DRIFT, Math.min(MAX_DRIFT, covariance / variance));
  return { drift, offsetUs: meanO - drift * meanT };
}

/**
 * @param exchanges at least one
 * The bound at a time is the least, over all exchanges, of how far the line passes by it, half of its round trip, and what
 * the clocks may have drifted between the two. An exchange that no line within the bound agrees with widens it: a clock
 * that was set or slewed meanwhile shows so.
 */
export function estimateOffset(exchanges: readonly Exchange[]): Offset {
  const points = quickest(exchanges.map(pointOf));
  const best = points.reduce((a, b) => (b.roundTripUs < a.roundTripUs ? b : a));
  const { drift, offsetUs } = lineThrough(points, best);
  const fromBest = (nowUs: number): number => offsetUs + drift * (nowUs - best.atUs);
  const misses = points.map((point) => Math.abs(point.offsetUs - best.offsetUs - fromBest(point.atUs)));
  const pace = MAX_DRIFT + Math.abs(drift);
  const least = (nowUs: number): number =>
    points.reduce(
      (lowest, point, i) =>
        Math.min(lowest, (misses[i] as number) + point.roundTripUs / 2 + pace * Math.abs(nowUs - point.atUs)),
      Number.POSITIVE_INFINITY,
    );
  const widened = points.reduce(
    (most, point, i) => Math.max(most, (misses[i] as number) - point.roundTripUs / 2 - least(point.atUs)),
    0,
  );
  return {
    at: (nowUs) => best.offsetUs + fromBest(nowUs),
    errorUs: (nowUs) => least(nowUs) + widened,
    drift,
    roundTripUs: best.roundTripUs,
  };
}

/** An offset that was reckoned with from a time on, until the next one was. */
export interface UsedOffset {
  readonly fromUs: number;
  readonly offsetUs: number;
}

/**
 * How far those that were reckoned with may have been off between two times, now that all exchanges are known.
 * @param lateUs how long after its time an offset may have come into use
 */
export function usedErrorUs(
  offset: Offset,
  used: readonly UsedOffset[],
  toUs: number,
  lateUs: number,
): number {
  return used.reduce((most, { fromUs, offsetUs }, i) => {
    const untilUs = Math.min(Math.max(fromUs, toUs), (used[i + 1]?.fromUs ?? toUs) + lateUs);
    const offAt = (atUs: number): number => Math.abs(offsetUs - offset.at(atUs)) + offset.errorUs(atUs);
    // Between exchanges the bound is highest in the middle: each second is looked at, and both ends.
    let worst = Math.max(offAt(fromUs), offAt(untilUs));
    for (let atUs = fromUs; atUs < untilUs; atUs += BUCKET_US / 2) worst = Math.max(worst, offAt(atUs));
    return Math.max(most, worst);
  }, 0);
}
