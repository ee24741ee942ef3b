import type { ClientSettings, ConsumerClient, Driver, Traffic } from '../client/driver.ts';
import type { Clock } from '../common/clock.ts';
import { runTurns } from '../load/turns.ts';
import { initRecorderHistograms, newRecorderHistogram } from '../results/histogram.ts';
import type { LatencySummary } from '../results/latency.ts';
import type { ConsumerStats } from './consumer-stats.ts';
import { add, summaryOf } from './due-latencies.ts';

const RING_ROWS = 32_768;
const IDLE_US = 2_000;

export interface ConsumeOptions {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly client: ClientSettings;
  readonly topics: readonly string[];
  readonly numRecords: number;
  /** The longest wait for a record. */
  readonly timeoutMs: number;
  readonly pollRows: number;
  readonly connectTimeoutMs: number;
  readonly stats: ConsumerStats;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
}

export interface Consumed {
  readonly endMs: number;
  readonly timedOut: boolean;
  readonly interrupted: boolean;
  readonly assigned: boolean;
  readonly rebalances: number;
  /** Offsets that were left out between records of a partition, and those that came twice; null of several topics. */
  readonly skippedOffsets: number | null;
  readonly duplicated: number | null;
  readonly errorsByCode: Readonly<Record<string, number>>;
  /** From the record's timestamp until it was received; the clocks are those of two hosts, in ms. */
  readonly ageUs: LatencySummary | null;
  readonly elapsedMs: number;
  readonly cpuPercent: number;
  readonly traffic: Traffic | null;
}

/** Reads records until there are enough or none came in time. Rejects with ClientError. */
export async function consumeRecords(options: ConsumeOptions): Promise<Consumed> {
  const { driver, clock, stats, nowMs } = options;
  await initRecorderHistograms();
  const errorsByCode: Record<string, number> = {};
  let [assigned, rebalances] = [false, 0];
  const client = driver.createConsumer(
    options.client,
    { stamp: 'none', ringRows: RING_ROWS, pollRows: options.pollRows },
    {
      onError(code) {
        errorsByCode[code] = (errorsByCode[code] ?? 0) + 1;
      },
      onAssignment(event) {
        if (event === 'revoked') {
          rebalances++;
          stats.revoked(nowMs());
          return;
        }
        stats.assigned(nowMs());
        assigned = true;
      },
    },
  );
  try {
    await client.connect(options.topics, options.connectTimeoutMs, false);
    const startUs = clock.nowUs();
    const cpuBeforeUs = client.cpuUs();
    const read = await readAll(client, options);
    const elapsedMs = (clock.nowUs() - startUs) / 1000;
    return {
      ...read,
      endMs: nowMs(),
      assigned,
      rebalances,
      errorsByCode,
      elapsedMs,
      cpuPercent: elapsedMs > 0 ? (client.cpuUs() - cpuBeforeUs) / 10 / elapsedMs : 0,
      traffic: await client.traffic(1_000),
    };
  } finally {
    await client.close();
  }
}

type Read = Pick<Consumed, 'timedOut' | 'interrupted' | 'skippedOffsets' | 'duplicated' | 'ageUs'>;

async function readAll(client: ConsumerClient, options: ConsumeOptions): Promise<Read> {
  const { clock, topics, numRecords, timeoutMs, pollRows, stats, signal, nowMs } = options;
  const { rows, rowMask } = client;
  const ages = newRecorderHistogram();
  const next = new Map<number, number>();
  // Two topics' partitions have the same numbers.
  const one = topics.length === 1;
  let [skipped, duplicated, negative] = [0, 0, 0];
  let lastMs = nowMs();
  const epochOfMonotonicUs = nowMs() * 1000 - clock.nowUs();

  const place = (row: number): void => {
    const partition = rows.partition[row] as number;
    const offset = rows.offset[row] as number;
    const expected = next.get(partition) ?? offset;
    if (offset < expected) duplicated++;
    else skipped += offset - expected;
    next.set(partition, Math.max(expected, offset + 1));
  };

  const poll = (): number => {
    const { start, count: readable } = client.readable();
    const count = Math.min(readable, pollRows);
    if (count === 0) return 0;
    const pollMs = nowMs();
    for (let i = 0; i < count; i++) {
      const row = (start + i) & rowMask;
      stats.record(Math.max(0, rows.sizeBytes[row] as number), pollMs);
      if (one) place(row);
      const timestampMs = rows.timestampMs[row] as number;
      const ageUs = (rows.atUs[row] as number) + epochOfMonotonicUs - timestampMs * 1000;
      if (timestampMs < 0) continue;
      if (ageUs < 0) negative++;
      else add(ages, ageUs);
    }
    client.release(count);
    lastMs = pollMs;
    return count;
  };

  await new Promise<void>((resolve, reject) => {
    runTurns(clock, client, () => {
      try {
        if (stats.records < numRecords && nowMs() - lastMs <= timeoutMs && !signal.aborted) {
          return clock.nowUs() + (poll() > 0 ? 0 : IDLE_US);
        }
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      return Number.POSITIVE_INFINITY;
    });
  });
  return {
    timedOut: stats.records < numRecords && !signal.aborted,
    interrupted: signal.aborted,
    skippedOffsets: one ? skipped : null,
    duplicated: one ? duplicated : null,
    ageUs: summaryOf(ages, negative),
  };
}
