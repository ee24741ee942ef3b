import type { WireBytes } from '../driver.ts';

/** Keeps the newest statistics of a client, and waits for the next ones. */
export class WireCounter {
  #latest: WireBytes | null = null;
  #waiting: ((bytes: WireBytes) => void)[] = [];

  constructor(client: { on(event: 'event.stats', listener: (event: { message: string }) => void): unknown }) {
    client.on('event.stats', (event) => {
      const stats = JSON.parse(event.message) as { tx_bytes: number; rx_bytes: number };
      this.#latest = { sent: stats.tx_bytes, received: stats.rx_bytes };
      for (const done of this.#waiting.splice(0)) done(this.#latest);
    });
  }

  next(timeoutMs: number): Promise<WireBytes | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(this.#latest), timeoutMs);
      this.#waiting.push((bytes) => {
        clearTimeout(timer);
        resolve(bytes);
      });
    });
  }
}
