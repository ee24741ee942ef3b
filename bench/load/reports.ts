import type { ProducerClient } from '../client/driver.ts';
import type { ProducerDone } from './protocol.ts';
import { DUE_TO_ACK, type Recorder, SENT_TO_ACK } from './recorder.ts';
import { countError } from './role.ts';
import type { Slots } from './slots.ts';

/** What may become of a record that waits in the client; any other error without a partition is a refusal. */
const GIVEN_UP = new Set(['ERR__MSG_TIMED_OUT', 'ERR__PURGE_QUEUE', 'ERR__PURGE_INFLIGHT', 'ERR__DESTROY']);

/** What the delivery reports of one producer say. */
export interface Reports {
  readonly acked: number;
  readonly ackedBytes: number;
  readonly failed: number;
  readonly failedSequences: readonly number[];
  /** Why the client took a record no further: the next one would fare the same. */
  readonly refused: ProducerDone['refused'];
  /** Takes all reports that are there. */
  read(): void;
}

export function createReports(
  client: Pick<ProducerClient, 'readable' | 'release' | 'reports' | 'reportMask'>,
  {
    recorder,
    slots,
    topic,
    errorsByCode,
    errorName,
    nowUs,
    startUs,
  }: {
    readonly recorder: Recorder;
    /** Null where only errors are reported. */
    readonly slots: Slots | null;
    readonly topic: string;
    readonly errorsByCode: Record<string, number>;
    readonly errorName: (code: number) => string;
    readonly nowUs: () => number;
    /** Null where there is nothing to time: an open tap has no due times to be late against. */
    readonly startUs: () => number | null;
  },
): Reports {
  let acked = 0;
  let ackedBytes = 0;
  let failed = 0;
  let refused: ProducerDone['refused'] = null;
  const failedSequences: number[] = [];

  const fail = (row: number): void => {
    const code = errorName(client.reports.error[row] as number);
    failed++;
    recorder.counters.failed++;
    countError(errorsByCode, code);
    if ((client.reports.partition[row] as number) < 0 && !GIVEN_UP.has(code)) {
      refused ??= { code, message: `produce to ${topic} failed: ${code}` };
    }
    const slot = client.reports.slot[row] as number;
    if (slots === null || slot < 0) return;
    failedSequences.push(slots.sequence[slot] as number);
    slots.release(slot);
  };

  const read = (): void => {
    const { start, count } = client.readable();
    if (count === 0) return;
    const { reports, reportMask: mask } = client;
    const timedFromUs = startUs();
    const readUs = nowUs();
    let batchAtUs = reports.atUs[start] as number;
    let batchRows = 0;
    let bytesNow = 0;
    let ackedNow = 0;
    for (let i = 0; i < count; i++) {
      const row = (start + i) & mask;
      const atUs = reports.atUs[row] as number;
      if (atUs !== batchAtUs) {
        recorder.noticed(batchRows, readUs - batchAtUs);
        batchAtUs = atUs;
        batchRows = 0;
      }
      batchRows++;
      if (reports.error[row] !== 0) {
        fail(row);
        continue;
      }
      if (slots === null) continue;
      const slot = reports.slot[row] as number;
      ackedNow++;
      bytesNow += slots.bytes[slot] as number;
      if (timedFromUs !== null) {
        const dueUs = slots.dueUs[slot] as number;
        const dueSecond = Math.floor((dueUs - timedFromUs) / 1e6);
        // When the client's own thread took it: how late this loop reads it is told apart.
        recorder.record(DUE_TO_ACK, dueSecond, atUs - dueUs);
        recorder.record(SENT_TO_ACK, dueSecond, atUs - (slots.sentUs[slot] as number));
      }
      slots.release(slot);
    }
    recorder.noticed(batchRows, readUs - batchAtUs);
    client.release(count);
    acked += ackedNow;
    ackedBytes += bytesNow;
    recorder.counters.acked += ackedNow;
    recorder.counters.ackedBytes += bytesNow;
  };

  return {
    get acked() {
      return acked;
    },
    get ackedBytes() {
      return ackedBytes;
    },
    get failed() {
      return failed;
    },
    failedSequences,
    get refused() {
      return refused;
    },
    read,
  };
}
