/** What producers saw of one broker over a time: sums, so that what several saw adds up. */
export interface BrokerAsSeen {
  /** Requests that were answered. */
  readonly requests: number;
  /** From handing a request to its socket to the answer, all of them together; and the longest. */
  readonly roundTripUs: number;
  readonly roundTripMaxUs: number;
  /** How long the broker said that it held the producer back for a quota. */
  readonly throttleMs: number;
  readonly sentBytes: number;
}

export type BrokersAsSeen = Readonly<Record<string, BrokerAsSeen>>;

const together = (a: BrokerAsSeen, b: BrokerAsSeen): BrokerAsSeen => ({
  requests: a.requests + b.requests,
  roundTripUs: a.roundTripUs + b.roundTripUs,
  roundTripMaxUs: Math.max(a.roundTripMaxUs, b.roundTripMaxUs),
  throttleMs: a.throttleMs + b.throttleMs,
  sentBytes: a.sentBytes + b.sentBytes,
});

/** What several producers, or one over several times, saw of each broker. */
export function allTogether(observations: readonly BrokersAsSeen[]): BrokersAsSeen {
  const all: Record<string, BrokerAsSeen> = {};
  for (const [name, seen] of observations.flatMap((one) => Object.entries(one))) {
    const before = all[name];
    all[name] = before === undefined ? seen : together(before, seen);
  }
  return all;
}
