import type { ClientStatistics } from '../driver.ts';

/** What is used of librdkafka's statistics. */
interface Emitted {
  readonly tx_bytes: number;
  readonly rx_bytes: number;
  readonly msg_cnt: number;
  readonly brokers?: Readonly<Record<string, { readonly req?: { readonly Produce?: number } }>>;
}

/** Waits for a client's next statistics; they are parsed only where somebody waits. */
export class ClientStatisticsListener {
  #latest: string | null = null;
  #waiting: (() => void)[] = [];

  take(json: string): void {
    this.#latest = json;
    for (const done of this.#waiting.splice(0)) done();
  }

  next(timeoutMs: number): Promise<ClientStatistics | null> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        resolve(this.#latest === null ? null : parse(this.#latest));
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.push(done);
    });
  }
}

function parse(json: string): ClientStatistics {
  const stats = JSON.parse(json) as Emitted;
  const brokers = Object.values(stats.brokers ?? {});
  return {
    sent: stats.tx_bytes,
    received: stats.rx_bytes,
    queued: stats.msg_cnt,
    produceRequests: brokers.reduce((sum, { req }) => sum + (req?.Produce ?? 0), 0),
  };
}
