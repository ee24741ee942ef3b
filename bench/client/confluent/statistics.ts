import type { ClientStatistics } from '../driver.ts';

/** What is used of librdkafka's statistics. */
interface Emitted {
  readonly tx_bytes: number;
  readonly rx_bytes: number;
  readonly msg_cnt: number;
  readonly brokers?: Readonly<Record<string, { readonly req?: { readonly Produce?: number } }>>;
}

/** Keeps the newest statistics of a client, and waits for the next ones. */
export class StatisticsListener {
  #latest: ClientStatistics | null = null;
  #waiting: ((statistics: ClientStatistics) => void)[] = [];

  constructor(client: { on(event: 'event.stats', listener: (event: { message: string }) => void): unknown }) {
    client.on('event.stats', (event) => {
      const stats = JSON.parse(event.message) as Emitted;
      const brokers = Object.values(stats.brokers ?? {});
      this.#latest = {
        sent: stats.tx_bytes,
        received: stats.rx_bytes,
        queued: stats.msg_cnt,
        produceRequests: brokers.reduce((sum, { req }) => sum + (req?.Produce ?? 0), 0),
      };
      for (const done of this.#waiting.splice(0)) done(this.#latest);
    });
  }

  next(timeoutMs: number): Promise<ClientStatistics | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(this.#latest), timeoutMs);
      this.#waiting.push((statistics) => {
        clearTimeout(timer);
        resolve(statistics);
      });
    });
  }
}
