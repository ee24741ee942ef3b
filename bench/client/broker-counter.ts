import { allTogether, type BrokersAsSeen } from '../common/broker-as-seen.ts';

/** What is used of a broker in librdkafka's statistics (STATISTICS.md): round trips in µs, throttling in ms. */
interface Emitted {
  readonly nodeid?: number;
  readonly txbytes?: number;
  readonly rtt?: { readonly cnt?: number; readonly sum?: number; readonly max?: number };
  readonly throttle?: { readonly sum?: number };
}

/** Statistics begin with the brokers; the topics behind them are most of the text, and are not read here. */
const TOPICS = /,\s*"topics":/;

function brokersOf(json: string): Readonly<Record<string, Emitted>> {
  const end = json.search(TOPICS);
  try {
    const head = JSON.parse(end < 0 ? json : `${json.slice(0, end)}}`) as {
      brokers?: Record<string, Emitted>;
    };
    return head.brokers ?? {};
  } catch {
    return {};
  }
}

/** Adds up what each of a client's statistics says of the brokers: librdkafka's windows begin anew with each. */
export class BrokerCounter {
  #since: BrokersAsSeen = {};
  readonly #sentBefore = new Map<string, number>();

  add(json: string): void {
    const seen: Record<string, BrokersAsSeen[string]> = {};
    for (const [name, { nodeid = -1, txbytes = 0, rtt, throttle }] of Object.entries(brokersOf(json))) {
      // Addresses to start with, and the coordinator's second name, are no brokers of their own.
      if (nodeid < 0) continue;
      seen[name] = {
        requests: rtt?.cnt ?? 0,
        roundTripUs: rtt?.sum ?? 0,
        roundTripMaxUs: rtt?.max ?? 0,
        throttleMs: throttle?.sum ?? 0,
        sentBytes: Math.max(0, txbytes - (this.#sentBefore.get(name) ?? 0)),
      };
      this.#sentBefore.set(name, txbytes);
    }
    this.#since = allTogether([this.#since, seen]);
  }

  /** Since the last call. */
  take(): BrokersAsSeen {
    const taken = this.#since;
    this.#since = {};
    return taken;
  }
}
