import { ClientError } from '../client/driver.ts';
import { allTogether, type BrokersAsSeen } from '../common/broker-as-seen.ts';
import { KsweepError } from '../common/errors.ts';
import type { LoadGenerator } from '../load/agent/load-generator.ts';
import type { IntervalSnapshot } from '../load/protocol.ts';
import type { GuardSpec } from '../workload/schema.ts';

const EVERY_MS = 1_000;
const ASK_LIMIT_MS = 3_000;

/** Mean time of the answered produce requests, ms; null where there was none. */
function meanRoundTripMs(seen: readonly BrokersAsSeen[]): number | null {
  const brokers = Object.values(allTogether(seen));
  const requests = brokers.reduce((sum, broker) => sum + broker.requests, 0);
  const totalUs = brokers.reduce((sum, broker) => sum + broker.roundTripUs, 0);
  return requests === 0 ? null : totalUs / requests / 1000;
}

/**
 * Watches a cluster that is not the run's alone, once a second, and aborts its signal where a limit was exceeded for
 * long enough: with a KsweepError guard-tripped that names it. A question without an answer says nothing of a limit.
 */
export class Guard {
  readonly #limits: GuardSpec;
  readonly #observer: Pick<LoadGenerator, 'ask'>;
  readonly #nowMs: () => number;
  readonly #abort = new AbortController();
  /** Since when each limit has been exceeded. */
  readonly #since = new Map<string, number>();
  #seen: BrokersAsSeen[] = [];
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  constructor(
    limits: GuardSpec,
    observer: Pick<LoadGenerator, 'ask'>,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#observer = observer;
    this.#nowMs = nowMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What producers saw in their last second. */
  onSnapshot({ brokersAsSeen }: IntervalSnapshot): void {
    if (brokersAsSeen !== undefined) this.#seen.push(brokersAsSeen);
  }

  /** Throws guard-tripped where a limit is exceeded before anything was loaded, or the client cannot watch it. */
  async begin(): Promise<void> {
    const [exceeded] = await this.#exceeded(true).catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error;
      throw new KsweepError(
        'workload-invalid',
        `guard: it cannot be watched: ${error.message} (${error.code})`,
        {
          hint: 'use --client batch, and a principal that may describe the cluster and the groups',
        },
      );
    });
    if (exceeded !== undefined) throw tripped(`before the run: ${exceeded.text}`);
    this.#timer = setInterval(() => void this.look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One look at all limits; aborts where one has been exceeded for long enough. */
  async look(): Promise<void> {
    if (this.#asking || this.signal.aborted) return;
    this.#asking = true;
    try {
      const nowMs = this.#nowMs();
      const exceeded = await this.#exceeded(false);
      const names = exceeded.map(({ name }) => name);
      for (const name of this.#since.keys()) if (!names.includes(name)) this.#since.delete(name);
      for (const { name, text } of exceeded) {
        const since = this.#since.get(name) ?? nowMs;
        this.#since.set(name, since);
        if (nowMs - since >= this.#limits.for) {
          this.#abort.abort(tripped(`for ${this.#limits.for / 1000} s: ${text}`));
        }
      }
    } finally {
      this.#asking = false;
    }
  }

  async #exceeded(strict: boolean): Promise<{ readonly name: string; readonly text: string }[]> {
    const { underReplicated, lag, roundTrip } = this.#limits;
    const exceeded: { name: string; text: string }[] = [];
    const answer = async <T>(asked: Promise<T>): Promise<T | null> =>
      await asked.catch((error: unknown) => {
        if (strict) throw error;
        return null;
      });
    if (underReplicated !== undefined) {
      const health = await answer(this.#observer.ask({ kind: 'cluster-health', timeoutMs: ASK_LIMIT_MS }));
      const short = health === null ? 0 : health.underReplicated + health.offline;
      if (short > underReplicated) {
        const text = `${short} of ${health?.partitions} partitions of the cluster lack replicas in sync or a leader (guard.underReplicated: ${underReplicated})`;
        exceeded.push({ name: 'underReplicated', text });
      }
    }
    for (const [group, limit] of Object.entries(lag)) {
      const told = await answer(this.#observer.ask({ kind: 'group-lag', group, timeoutMs: ASK_LIMIT_MS }));
      const records = told?.records ?? 0;
      if (records > limit) {
        const text = `group ${group} is ${records} records behind (guard.lag.${group}: ${limit})`;
        exceeded.push({ name: `lag ${group}`, text });
      }
    }
    const meanMs = meanRoundTripMs(this.#seen.splice(0));
    if (roundTrip !== undefined && meanMs !== null && meanMs > roundTrip) {
      const text = `brokers took ${meanMs.toFixed(1)} ms on average to answer a produce request (guard.roundTrip: ${roundTrip} ms)`;
      exceeded.push({ name: 'roundTrip', text });
    }
    return exceeded;
  }
}

const tripped = (what: string): KsweepError =>
  new KsweepError('guard-tripped', `the guard stopped the run, ${what}`, {
    hint: 'lower the load, or wait; `ksweep run --resume <run folder>` continues with the rest of the plan',
  });
