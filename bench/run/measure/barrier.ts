import { KsweepError } from '../../common/errors.ts';
import type { Ensemble } from '../../load/ensemble.ts';
import type { ToLoad } from '../../load/protocol.ts';

const LEAD_MS = 1_000;
const ROUND_TRIPS = 5;
/** A start is taken back this long before its time, or two round trips, so that it reaches everybody. */
const TAKE_BACK_MS = 200;
const STARTS = 4;
const DISARM_LIMIT_MS = 5_000;

/** One generator, as far as a common start is concerned. */
export interface Starter {
  readonly generator: { readonly name: string; send(message: ToLoad): void };
  readonly assignment: { readonly host?: string | undefined };
  /** Whether it heard of the start before its time, and whether it had begun when that was taken back; null: no answer. */
  armed: boolean | null;
  disarmed: boolean | null;
}

/** What the barrier needs of clocks, by name of a host: relates them anew, and reads times of this one's there. */
export interface Clocks {
  relate(): Promise<void>;
  nowUs(): number;
  there(host: string | undefined, us: number): number;
  /** The longest round trip, µs. */
  readonly roundTripUs: number;
}

/**
 * Starts generators on different hosts at one time: now + max(1 s, 5 round trips), in each host's own clock. Everybody has
 * said that it heard of it before it comes, else it is taken back and given again, later each time.
 *
 * @returns the start, µs of this host's clock
 */
export async function startTogether(
  starters: readonly Starter[],
  clocks: Clocks,
  loadMs: number,
  ensemble: Pick<Ensemble, 'wait'>,
): Promise<number> {
  for (let attempt = 0; attempt < STARTS; attempt++) {
    await clocks.relate();
    const roundTripMs = clocks.roundTripUs / 1000;
    const leadMs = Math.max(LEAD_MS, ROUND_TRIPS * roundTripMs) * 2 ** attempt;
    const startUs = clocks.nowUs() + leadMs * 1000;
    for (const starter of starters) {
      const { host } = starter.assignment;
      starter.armed = null;
      starter.disarmed = null;
      const endUs = clocks.there(host, startUs + loadMs * 1000);
      starter.generator.send({ type: 'arm', startUs: clocks.there(host, startUs), endUs });
    }
    const limitMs = leadMs - Math.max(TAKE_BACK_MS, 2 * roundTripMs);
    const answered = await ensemble.wait(() => starters.every(({ armed }) => armed !== null), limitMs);
    if (answered && starters.every(({ armed }) => armed === true)) return startUs;
    for (const { generator } of starters) generator.send({ type: 'disarm' });
    await ensemble.wait(() => starters.every(({ disarmed }) => disarmed !== null), DISARM_LIMIT_MS);
    if (!starters.every(({ disarmed }) => disarmed === false)) break;
  }
  const late = starters.find(({ armed, disarmed }) => armed !== true || disarmed !== false);
  throw new KsweepError(
    'load-host-failed',
    `the load hosts could not be started together: ${late?.generator.name ?? 'a generator'} on load host ${late?.assignment.host ?? ''} answered too late`,
    { hint: 'look whether that host or the way to it is overloaded' },
  );
}
