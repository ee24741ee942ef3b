import type { ClientSettings, Driver, ProducerClient, Traffic } from '../client/driver.ts';
import { ClientError } from '../client/driver.ts';
import type { Clock } from '../common/clock.ts';
import { Slots } from '../load/slots.ts';
import { runTurns } from '../load/turns.ts';
import type { LatencySummary } from '../results/latency.ts';
import { DueLatencies } from './due-latencies.ts';
import type { Payloads } from './payloads.ts';
import { ProducerStats } from './producer-stats.ts';
import { timedTransactions } from './timed-transactions.ts';

const MAX_IN_FLIGHT = 1_000_000;
const RING_ROWS = 131_072;
const WAIT_US = 200;
const IDLE_US = 1_000;
/** After Ctrl-C what is in flight gets this long. */
const STOP_LIMIT_US = 10_000_000;

export interface ProduceOptions {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly client: ClientSettings;
  readonly topic: string;
  readonly numRecords: number;
  /** Records a second; null: as fast as the client takes them. */
  readonly perSec: number | null;
  readonly payloads: (burstRows: number) => Payloads;
  readonly warmupRecords: number;
  readonly intervalMs: number;
  /** How long a transaction lasts; null without transactions. */
  readonly transactionMs: number | null;
  readonly connectTimeoutMs: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** Connected: what has to be looked at before the first record is. */
  readonly onConnected: () => Promise<void>;
}

export interface Produced {
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  /** Sent, and never reported on. */
  readonly unsettled: number;
  readonly errorsByCode: Readonly<Record<string, number>>;
  readonly committed: number;
  readonly aborted: number;
  /** Records in transactions that were aborted: acknowledged, and never to be read. */
  readonly abortedRecords: number;
  /** From the first record to the last one's hand-over, and to the last report, ms. */
  readonly sendingMs: number;
  readonly elapsedMs: number;
  readonly ackedBytes: number;
  readonly queueFullMs: number;
  /** Of one core. */
  readonly cpuPercent: number;
  /** After the warm-up; null where a record has no due time. */
  readonly latencyUs: {
    readonly 'due-to-ack': LatencySummary | null;
    readonly 'sent-to-ack': LatencySummary | null;
    readonly 'due-to-sent': LatencySummary | null;
  };
  readonly traffic: Traffic | null;
  readonly interrupted: boolean;
}

/** Sends so many records, each when it is due, and prints the tool's lines meanwhile. Rejects with ClientError. */
export async function produceRecords(options: ProduceOptions): Promise<Produced> {
  const errorsByCode: Record<string, number> = {};
  const countError = (code: string): void => {
    errorsByCode[code] = (errorsByCode[code] ?? 0) + 1;
  };
  const client = options.driver.createProducer(
    options.client,
    { topic: options.topic, reports: 'each', stamp: 'none', headers: [], ringRows: RING_ROWS },
    { onError: countError },
  );
  try {
    await client.connect(options.connectTimeoutMs);
    await options.onConnected();
    return await sendAll(client, options, errorsByCode, countError);
  } finally {
    await client.close();
  }
}

async function sendAll(
  client: ProducerClient,
  options: ProduceOptions,
  errorsByCode: Readonly<Record<string, number>>,
  countError: (code: string) => void,
): Promise<Produced> {
  const { clock, numRecords, perSec, warmupRecords, intervalMs, print, signal, driver } = options;
  const rows = client.burstRows;
  const payloads = options.payloads(rows);
  const columns = {
    pool: payloads.pool,
    offsets: new Uint32Array(rows),
    lengths: new Int32Array(rows),
    keys: null,
    stamps: null,
    partitions: null,
    slots: new Int32Array(rows),
  };
  const slots = new Slots(Math.min(MAX_IN_FLIGHT, numRecords));
  const nowMs = (): number => Math.floor(clock.nowUs() / 1000);
  const latencies = await DueLatencies.create(perSec !== null);
  const transactions = timedTransactions(client, options.transactionMs, countError);
  await transactions.begin(clock.nowUs());
  if (warmupRecords > 0) {
    print(
      `Warmup first ${warmupRecords} records. Steady state results will print after the complete test summary.`,
    );
  }
  const whole = new ProducerStats({ intervalMs, steady: false, nowMs, print });
  let steady: ProducerStats | undefined;
  const cpuBeforeUs = client.cpuUs();
  const startUs = clock.nowUs();
  let [from, end, sent, acked, ackedBytes, failed] = [0, 0, 0, 0, 0, 0];
  let [lastSentUs, fullSinceUs, queueFullUs, stoppedUs, finishedUs] = [startUs, 0, 0, 0, startUs];

  const readReports = (): void => {
    const { start, count } = client.readable();
    const { reports, reportMask } = client;
    for (let i = 0; i < count; i++) {
      const row = (start + i) & reportMask;
      const slot = reports.slot[row] as number;
      if (reports.error[row] === 0) {
        const atUs = reports.atUs[row] as number;
        const sentUs = slots.sentUs[slot] as number;
        const bytes = slots.bytes[slot] as number;
        const latencyMs = Math.floor(atUs / 1000) - Math.floor(sentUs / 1000);
        acked++;
        ackedBytes += bytes;
        whole.record(latencyMs, bytes, Math.floor(atUs / 1000));
        if ((slots.sequence[slot] as number) >= warmupRecords) {
          steady?.record(latencyMs, bytes, Math.floor(atUs / 1000));
          latencies.record(slots.dueUs[slot] as number, sentUs, atUs);
        }
      } else {
        failed++;
        countError(driver.errorName(reports.error[row] as number));
      }
      slots.release(slot);
    }
    if (count > 0) client.release(count);
  };

  /** Makes ready what is due; when the next record is, µs. */
  const gather = (nowUs: number): number => {
    while (end < rows) {
      const sequence = sent + end - from;
      if (sequence >= numRecords) return nowUs;
      const dueUs = perSec === null ? nowUs : startUs + (sequence * 1e6) / perSec;
      if (dueUs > nowUs) return Math.max(dueUs, nowUs + WAIT_US);
      const slot = slots.take(sequence);
      if (slot < 0) return nowUs + WAIT_US;
      payloads.place(sequence, end, columns.offsets, columns.lengths);
      slots.dueUs[slot] = dueUs;
      columns.slots[end++] = slot;
      if (warmupRecords > 0 && sequence === warmupRecords) {
        steady = new ProducerStats({ intervalMs, steady: true, nowMs, print });
        whole.suppressPrinting();
      }
    }
    return nowUs;
  };

  const handOver = (): boolean => {
    const sentUs = clock.nowUs();
    const taken = client.produce(columns, from, end - from);
    for (let row = from; row < from + taken; row++) {
      const slot = columns.slots[row] as number;
      slots.sent(slot, slots.dueUs[slot] as number, sentUs, columns.lengths[row] as number);
    }
    from += taken;
    sent += taken;
    if (taken > 0) lastSentUs = sentUs;
    transactions.produced(taken);
    const all = from === end;
    if (all) [from, end] = [0, 0];
    if (!all && fullSinceUs === 0) fullSinceUs = sentUs;
    if (fullSinceUs > 0 && all) {
      queueFullUs += sentUs - fullSinceUs;
      fullSinceUs = 0;
    }
    return all;
  };

  const over = (): boolean => sent >= numRecords || stoppedUs > 0;
  const send = (nowUs: number): number => {
    if (!transactions.mayProduce(nowUs)) return nowUs + WAIT_US;
    const next = from === end ? gather(nowUs) : nowUs;
    return from === end || handOver() ? next : nowUs + WAIT_US;
  };

  await new Promise<void>((resolve, reject) => {
    runTurns(clock, client, () => {
      try {
        const nowUs = clock.nowUs();
        readReports();
        if ((signal.aborted || transactions.broken) && stoppedUs === 0) {
          stoppedUs = nowUs;
          for (let row = from; row < end; row++) slots.release(columns.slots[row] as number);
        }
        if (!over()) return send(nowUs);
        const settled = slots.inFlight === 0 && transactions.end();
        if (!settled && (stoppedUs === 0 || nowUs < stoppedUs + STOP_LIMIT_US)) return nowUs + IDLE_US;
        finishedUs = nowUs;
        whole.printTotal();
        steady?.printTotal();
        resolve();
      } catch (error) {
        reject(error instanceof ClientError ? error : new Error(String(error), { cause: error }));
      }
      return Number.POSITIVE_INFINITY;
    });
  });
  const cpuUs = client.cpuUs() - cpuBeforeUs;
  const elapsedMs = (finishedUs - startUs) / 1000;
  return {
    sent,
    acked,
    failed,
    unsettled: sent - acked - failed,
    errorsByCode,
    committed: transactions.committed,
    aborted: transactions.aborted,
    abortedRecords: transactions.abortedRecords,
    sendingMs: (lastSentUs - startUs) / 1000,
    elapsedMs,
    ackedBytes,
    queueFullMs: queueFullUs / 1000,
    cpuPercent: elapsedMs > 0 ? cpuUs / 10 / elapsedMs : 0,
    latencyUs: latencies.summaries(),
    traffic: await client.traffic(1_000),
    interrupted: stoppedUs > 0,
  };
}
