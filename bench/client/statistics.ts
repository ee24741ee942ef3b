import type { Traffic } from './driver.ts';

/** What librdkafka counts itself, so far. */
interface ClientStatistics extends Traffic {
  /** Records that are still queued or in flight. */
  readonly queued: number;
}

/** What is used of librdkafka's statistics (STATISTICS.md). */
interface Emitted {
  readonly tx_bytes: number;
  readonly rx_bytes: number;
  readonly msg_cnt: number;
  readonly brokers?: Readonly<Record<string, { readonly req?: { readonly Produce?: number } }>>;
}

/** When they were gathered, in µs of librdkafka's own monotonic clock; it stands near their start. */
const GATHERED = /"ts": ?(\d+)/;
const HEAD_CHARS = 1_000;

interface Waiting {
  readonly sinceUs: number;
  readonly done: () => void;
}

/**
 * Waits for statistics of a client that were gathered after they were asked for. A consumer that was not polled for a
 * while finds old ones queued before what it has just read, and errors queued between them.
 */
export class StatisticsListener {
  #latest: string | null = null;
  #waiting: Waiting[] = [];
  /** What librdkafka's clock is behind ours by, and the shortest way of an event to here. */
  #offsetUs = Number.POSITIVE_INFINITY;
  readonly #nowUs: () => number;

  constructor(nowUs: () => number = () => performance.now() * 1000) {
    this.#nowUs = nowUs;
  }

  /** An event of librdkafka's; parsed only where somebody waits. */
  take(json: string): void {
    this.#latest = json;
    const gatheredUs = Number(GATHERED.exec(json.slice(0, HEAD_CHARS))?.[1] ?? Number.NaN);
    if (gatheredUs > 0) this.#offsetUs = Math.min(this.#offsetUs, this.#nowUs() - gatheredUs);
    // Statistics that do not say when they were gathered pass for new.
    const isOld = ({ sinceUs }: Waiting): boolean => gatheredUs + this.#offsetUs < sinceUs;
    const answered = this.#waiting.filter((waiting) => !isOld(waiting));
    this.#waiting = this.#waiting.filter(isOld);
    for (const { done } of answered) done();
  }

  /** The newest there are after `timeoutMs`; null where none came. */
  next(timeoutMs: number): Promise<ClientStatistics | null> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((waiting) => waiting !== own);
        resolve(this.#latest === null ? null : parse(this.#latest));
      };
      const own = { sinceUs: this.#nowUs(), done };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.push(own);
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
