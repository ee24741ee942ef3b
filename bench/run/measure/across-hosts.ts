import type { ClientName } from '../../client/choose.ts';
import type { Clock } from '../../common/clock.ts';
import { eachSecond } from '../../common/each-second.ts';
import type { Agents } from '../../load/agent/agents.ts';
import { HostTime } from '../../load/agent/host-time.ts';
import type { AnyStarted, ConsumerEntry, Ensemble } from '../../load/ensemble.ts';
import type { HostMeasurement, LoadHostsMeasurement } from '../judge/measurement.ts';
import { type Clocks, startTogether } from './barrier.ts';

/** From the order to start until second 0 on this host: long enough for every generator to have heard of it. */
const START_LEAD_MS = 50;

/** The hosts of one repeat: their clocks, their common start, and how they fare. Where all is on this host it does nothing. */
export class AcrossHosts {
  readonly #agents: Agents;
  readonly #ensemble: Ensemble;
  readonly #clock: Clock;
  readonly #time: HostTime;
  readonly #seconds = new Map<string, HostMeasurement['seconds'][number][]>();
  #stopSeconds: () => void = () => {};

  constructor(agents: Agents, ensemble: Ensemble, clock: Clock) {
    this.#agents = agents;
    this.#ensemble = ensemble;
    this.#clock = clock;
    this.#time = new HostTime(agents, clock);
  }

  get #remote(): boolean {
    return this.#agents.hosts.length > 0;
  }

  /** Has an agent on each host, whatever became of the last repeat's. Throws load-host-failed. */
  async connect(client: ClientName): Promise<void> {
    await this.#agents.connect(client);
  }

  /** Relates the clocks, and tells the consumers. */
  async relate(): Promise<void> {
    await this.#time.exchange();
    this.#refresh();
  }

  /** A time of this host's clock by the one of a generator's host. */
  there(entry: AnyStarted, us: number): number {
    return this.#time.there(entry.assignment.host, us);
  }

  #refresh(): void {
    this.#time.refresh();
    for (const consumer of this.#ensemble.consumers) this.tellClocks(consumer);
  }

  /** Tells a consumer how to read the due times of other hosts. */
  tellClocks({ assignment, generator }: ConsumerEntry): void {
    if (!this.#remote) return;
    const hosts = this.#ensemble.producers.map((producer) => producer.assignment.host);
    const shiftsUs = hosts.map((host) => this.#time.shiftUs(host, assignment.host));
    generator.send({ type: 'clocks', shiftsUs, across: hosts.map((host) => host !== assignment.host) });
  }

  /** Starts `entries` at one time, of which it returns this host's µs. */
  async start(entries: readonly AnyStarted[], loadMs: number): Promise<number> {
    if (!this.#remote) {
      const startUs = this.#clock.nowUs() + START_LEAD_MS * 1000;
      const endUs = startUs + loadMs * 1000;
      for (const { generator } of entries) generator.send({ type: 'start', startUs, endUs });
      return startUs;
    }
    return await startTogether(entries, this.#clocks, loadMs, this.#ensemble);
  }

  get #clocks(): Clocks {
    const time = this.#time;
    return {
      relate: () => this.relate(),
      nowUs: () => this.#clock.nowUs(),
      there: (host, us) => time.there(host, us),
      get roundTripUs() {
        return time.roundTripUs;
      },
    };
  }

  /** From the start on: reads the clocks each second, and how the hosts fare. */
  follow(startUs: number): void {
    if (!this.#remote) return;
    for (const host of this.#agents.hosts) {
      const seconds: HostMeasurement['seconds'][number][] = [];
      this.#seconds.set(host.name, seconds);
      const agent = this.#agents.of(host);
      if (agent === undefined) continue;
      agent.onHostSecond = (second, atUs) =>
        seconds.push({ atSec: (this.#time.here(host.name, atUs) - startUs) / 1e6, second });
      agent.send({ type: 'watch', on: true });
    }
    this.#stopSeconds = eachSecond(this.#clock, startUs, () => this.#refresh());
  }

  stop(): void {
    this.#stopSeconds();
    if (this.#seconds.size === 0) return;
    for (const host of this.#agents.hosts) this.#agents.of(host)?.send({ type: 'watch', on: false });
  }

  get hosts(): HostMeasurement[] {
    return [...this.#seconds].map(([name, seconds]) => ({ name, seconds }));
  }

  /** Exchanges times once more, and says how well the clocks were known; null where all was on this host. */
  async conclude(): Promise<LoadHostsMeasurement | null> {
    if (!this.#remote) return null;
    const toUs = this.#clock.nowUs();
    await this.#time.exchange();
    const clocks = this.#time.summary(toUs);
    const { producers, consumers } = this.#ensemble;
    const errorUs = (host: string | undefined): number => clocks.get(host ?? '')?.errorUs ?? 0;
    const pairs = consumers.flatMap((consumer) =>
      producers.map((producer) => [producer.assignment.host, consumer.assignment.host] as const),
    );
    const begun = [...producers, ...consumers].map(({ begunUs, assignment }) => {
      const offsetUs = clocks.get(assignment.host ?? '')?.offsetUs;
      return begunUs === null || offsetUs === undefined ? null : begunUs - offsetUs;
    });
    const on = (entries: readonly AnyStarted[], name: string): number =>
      entries.filter(({ assignment }) => assignment.host === name).length;
    return {
      startSpreadUs: spreadOf(begun),
      endToEndErrorUs: Math.max(
        0,
        ...pairs.map(([from, to]) => (from === to ? 0 : errorUs(from) + errorUs(to))),
      ),
      hosts: this.#agents.hosts.map(({ name, rack }) => {
        const clock = clocks.get(name);
        return {
          name,
          rack,
          producers: on(producers, name),
          consumers: on(consumers, name),
          clockOffsetUs: clock?.offsetUs ?? 0,
          clockErrorUs: clock?.errorUs ?? 0,
          clockDriftPpm: clock?.driftPpm ?? 0,
          roundTripUs: clock?.roundTripUs ?? 0,
        };
      }),
    };
  }
}

function spreadOf(begun: readonly (number | null)[]): number | null {
  const told = begun.filter((at) => at !== null);
  return told.length < begun.length || told.length === 0 ? null : Math.max(...told) - Math.min(...told);
}
