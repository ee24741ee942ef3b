import type { Clock } from '../../common/clock.ts';
import type { Agents } from './agents.ts';
import { type Exchange, estimateOffset, type Offset, type UsedOffset, usedErrorUs } from './clock-offset.ts';
import type { LoadHost } from './load-hosts.ts';
import { SILENCE_MS } from './protocol.ts';

const BURST = 16;
/** What the load goes by is estimated of the last exchanges only: a minute and a half of them. */
const RECENT = 100;

/** What came of relating one host's clock to the coordinator's over a load, µs. */
export interface HostClock {
  readonly offsetUs: number;
  /** How far what was reckoned with may have been off at any time of the load. */
  readonly errorUs: number;
  readonly driftPpm: number;
  readonly roundTripUs: number;
}

/** The clocks of all load hosts over one repeat: exchanged with before, each second during, and after. */
export class HostTime {
  readonly #agents: Agents;
  readonly #clock: Clock;
  readonly #begunUs: number;
  readonly #now = new Map<string, Offset>();
  readonly #used = new Map<string, UsedOffset[]>();

  constructor(agents: Agents, clock: Clock) {
    this.#agents = agents;
    this.#clock = clock;
    this.#begunUs = clock.nowUs();
  }

  #exchanges(host: LoadHost): Exchange[] {
    const exchanges = this.#agents.of(host)?.exchanges ?? [];
    return exchanges.filter(({ askedUs }) => askedUs >= this.#begunUs);
  }

  /** A few exchanges in a row with each host. */
  async exchange(): Promise<void> {
    await Promise.all(this.#agents.hosts.map((host) => this.#agents.of(host)?.exchange(BURST)));
  }

  /** From now on goes by what the exchanges say now. */
  refresh(): void {
    const fromUs = this.#clock.nowUs();
    for (const host of this.#agents.hosts) {
      const exchanges = this.#exchanges(host).slice(-RECENT);
      if (exchanges.length === 0) continue;
      const offset = estimateOffset(exchanges);
      this.#now.set(host.name, offset);
      const used = this.#used.get(host.name) ?? [];
      this.#used.set(host.name, used);
      used.push({ fromUs, offsetUs: offset.at(fromUs) });
    }
  }

  /** A host's clock less the coordinator's, as it is reckoned with now, µs; 0 on this host. */
  #offsetUs(host: string | undefined): number {
    return host === undefined ? 0 : (this.#used.get(host)?.at(-1)?.offsetUs ?? 0);
  }

  /** A time of the coordinator's clock by that of a host. */
  there(host: string | undefined, us: number): number {
    return us + this.#offsetUs(host);
  }

  /** And the other way round. */
  here(host: string | undefined, us: number): number {
    return us - this.#offsetUs(host);
  }

  /** What to add to times of one host's clock to have them by another's. */
  shiftUs(from: string | undefined, to: string | undefined): number {
    return from === to ? 0 : this.#offsetUs(to) - this.#offsetUs(from);
  }

  /** The longest of the quickest round trips, µs. */
  get roundTripUs(): number {
    return Math.max(0, ...[...this.#now.values()].map(({ roundTripUs }) => roundTripUs));
  }

  /** By host: what all exchanges say of the time until `toUs`. */
  summary(toUs: number): Map<string, HostClock> {
    const clocks = new Map<string, HostClock>();
    for (const host of this.#agents.hosts) {
      const exchanges = this.#exchanges(host);
      if (exchanges.length === 0) continue;
      const offset = estimateOffset(exchanges);
      clocks.set(host.name, {
        offsetUs: offset.at(toUs),
        errorUs: usedErrorUs(offset, this.#used.get(host.name) ?? [], toUs, SILENCE_MS * 1000),
        driftPpm: offset.drift * 1e6,
        roundTripUs: offset.roundTripUs,
      });
    }
    return clocks;
  }
}
