import { quantileOfAscending } from '../../stats/describe.ts';
import { evidenceOf } from './evidence.ts';
import { type RunContext, stretchOf } from './run-test.ts';
import { type Spoil, spoilOf } from './spoil.ts';

/** Share of δ below which σ is never believed to lie: so few nights don't tell that none will stray so far. */
const LEAST_SIGMA = 0.1;
/** Fewest degrees of freedom of Student's density, for a stretch of few nights. */
const LEAST_DEGREES = 4;

/** The last nights as a rise of the level. */
export interface Rise {
  /** First night of the new level. */
  readonly from: number;
  /** First night of the stretch that it is held against, and that stretch's level (ln). */
  readonly baseFrom: number;
  readonly base: number;
  /** Median of its nights, ln above `base`. */
  readonly shift: number;
  /** Times that its nights are likelier after a rise than on the old level. */
  readonly evidence: number;
}

export interface RisePlace {
  readonly baseFrom: number;
  /** End of the stretch that the run is held against, where that is not the run's first night. */
  readonly baseTo?: number;
  readonly from: number;
  readonly to: number;
  /** Least level (ln) that the run is held against. */
  readonly floor: number;
}

/** How a series' nights are spoiled; σ is floored by a share of δ. */
export const spoilOfSeries = ({ own, pool }: Omit<RunContext, 'direction'>, margin: number): Spoil =>
  spoilOf(own, pool, LEAST_SIGMA * margin);

/**
 * The nights [from, to) of `logs` (ln, up being worse) against the stretch before them. Null where the last night is
 * off by less than half of `margin`, or the run's median by less than `least`.
 */
export function riseAt(
  logs: Float64Array,
  { baseFrom, from, to, floor, baseTo = from }: RisePlace,
  context: RunContext,
  margin: number,
  least = margin,
): Rise | null {
  const stretch = logs.subarray(baseFrom, baseTo);
  if (stretch.length < 3 || to <= from) return null;
  const centre = quantileOfAscending(stretch.slice().sort(), 0.5);
  const base = Math.max(centre, floor);
  if ((logs[to - 1] ?? 0) - base < Math.min(least, margin / 2)) return null;
  const shift = quantileOfAscending(logs.slice(from, to).sort(), 0.5) - base;
  if (shift < least) return null;
  const { sigma, phi, degrees, nights } = stretchOf(stretch, centre, context);
  const noise = {
    sigma: Math.max(sigma, LEAST_SIGMA * margin),
    phi,
    degrees: Math.max(LEAST_DEGREES, degrees),
    spoil: spoilOfSeries(context, margin),
  };
  return {
    from,
    baseFrom,
    base,
    shift,
    evidence: evidenceOf(logs, { from, to, base, nights }, noise, margin),
  };
}
