import type { Clock } from '../common/clock.ts';
import { eachSecond } from '../common/each-second.ts';
import { type BrokerFigures, type BrokerReading, figuresBetween } from './figures.ts';
import { type MetricsEndpoint, scrape } from './scrape.ts';

/** What one broker's metrics said of one second. */
export interface BrokerSecond {
  readonly broker: string;
  /** The end of the second, from the load's start. */
  readonly atSec: number;
  readonly figures: BrokerFigures;
}

const TIMEOUT_MS = 900;

/** Reads each broker's page once a second. A page that hangs leaves a gap and never delays the others. */
export class BrokerWatch {
  readonly seconds: BrokerSecond[] = [];
  /** The last failure by broker, in words. */
  readonly failures = new Map<string, string>();
  readonly #endpoints: readonly { readonly name: string; readonly endpoint: MetricsEndpoint }[];
  readonly #beside: (broker: string) => Partial<BrokerReading>;
  readonly #clock: Clock;
  readonly #startUs: number;
  readonly #last = new Map<string, { readonly atUs: number; readonly reading: BrokerReading }>();
  readonly #busy = new Set<string>();
  readonly #stop: (() => void) | undefined;

  /** @param beside what else is known of a broker at this moment, by the host:port of its page; goes before the page's own word */
  constructor(
    endpoints: readonly MetricsEndpoint[],
    clock: Clock,
    startUs: number,
    beside: (broker: string) => Partial<BrokerReading> = () => ({}),
  ) {
    this.#beside = beside;
    this.#endpoints = endpoints.map((endpoint) => ({ name: endpoint.url.host, endpoint }));
    this.#clock = clock;
    this.#startUs = startUs;
    if (endpoints.length === 0) return;
    const readAll = () => {
      for (const { name, endpoint } of this.#endpoints) void this.#read(name, endpoint);
    };
    readAll();
    this.#stop = eachSecond(clock, startUs, readAll);
  }

  async #read(name: string, endpoint: MetricsEndpoint): Promise<void> {
    if (this.#busy.has(name)) return;
    this.#busy.add(name);
    try {
      const atUs = this.#clock.nowUs();
      const reading = { ...(await scrape(endpoint, TIMEOUT_MS)), ...this.#beside(name) };
      const before = this.#last.get(name);
      this.#last.set(name, { atUs, reading });
      if (before === undefined) return;
      const figures = figuresBetween(before.reading, reading, (atUs - before.atUs) / 1e6);
      this.seconds.push({ broker: name, atSec: (atUs - this.#startUs) / 1e6, figures });
    } catch (error) {
      this.failures.set(name, error instanceof Error ? error.message : String(error));
    } finally {
      this.#busy.delete(name);
    }
  }

  stop(): void {
    this.#stop?.();
  }
}
