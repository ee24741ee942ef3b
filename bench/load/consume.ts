import type { ClientStatistics, ReceivedRecord } from '../client/driver.ts';
import {
  readDueUs,
  readProducer,
  readRunTag,
  readSequence,
  STAMP_BYTES,
  STAMP_HEADER,
} from '../results/stamp.ts';
import type { ConsumerAssignment } from './protocol.ts';
import { Recorder } from './recorder.ts';
import { countError, type Role, type RoleContext } from './role.ts';
import { SequenceSet } from './seen.ts';

const PROGRESS_EVERY_US = 20_000;
const WIRE_LIMIT_MS = 1_000;
const HANDLER_SLICE_MS = 50;

/** A consumer process's loop: receives, checks each record's sequence, and times it from when it was due. */
export function createConsumer(assignment: ConsumerAssignment, context: RoleContext): Role {
  const { clock, emit } = context;
  const { runTag, producers, maxPollRecords, checkSequence } = assignment;
  const recorder = new Recorder();
  const seen = Array.from({ length: producers }, () => new SequenceSet());
  /** The last sequence of each producer in each partition: within one it may only grow. */
  const lastSequence: number[][] = [];
  const positions: Record<number, number> = {};
  const errorsByCode: Record<string, number> = {};
  let partitions: readonly number[] = [];
  let startUs = Number.POSITIVE_INFINITY;
  let second = 0;
  let received = 0;
  let receivedBytes = 0;
  let distinct = 0;
  let duplicated = 0;
  let outOfOrder = 0;
  let foreign = 0;
  let firstReceivedUs = 0;
  let lastReceivedUs = 0;
  let rebalances = 0;
  let rebalancingMs = 0;
  let revokedAtUs: number | undefined;
  let ready = false;
  let stopping = false;
  let finished = false;
  let progressAtUs = Number.POSITIVE_INFINITY;
  let handlerDebtMs = 0;
  let wire: ClientStatistics | null | undefined;

  const tellProgress = (): void => {
    emit({ type: 'progress', received: checkSequence ? distinct : received, positions: { ...positions } });
  };

  const client = context.driver.createConsumer(assignment.client, {
    onAssignment(event, owned) {
      const nowUs = clock.nowUs();
      partitions = owned;
      const gone = Object.keys(positions)
        .map(Number)
        .filter((partition) => !owned.includes(partition));
      // Told before they are forgotten: a new owner that gets no more record has no position to tell.
      if (gone.length > 0) tellProgress();
      for (const partition of gone) delete positions[partition];
      if (event === 'revoked') {
        rebalances++;
        revokedAtUs = nowUs;
        return;
      }
      if (revokedAtUs !== undefined) rebalancingMs += (nowUs - revokedAtUs) / 1000;
      revokedAtUs = undefined;
      if (!ready) emit({ type: 'ready' });
      ready = true;
      emit({ type: 'assigned', partitions: owned });
    },
    onError(code) {
      countError(errorsByCode, code);
    },
  });

  const stampOf = (record: ReceivedRecord): Buffer | undefined => {
    if (assignment.stamp === 'payload') {
      return record.value !== null && record.value.length >= STAMP_BYTES ? record.value : undefined;
    }
    const header = record.headers?.find((candidate) => STAMP_HEADER in candidate)?.[STAMP_HEADER];
    return Buffer.isBuffer(header) && header.length === STAMP_BYTES ? header : undefined;
  };

  const check = (record: ReceivedRecord, nowUs: number): void => {
    const stamp = stampOf(record);
    const producer = stamp === undefined || readRunTag(stamp) !== runTag ? -1 : readProducer(stamp);
    const set = seen[producer];
    if (stamp === undefined || set === undefined) {
      foreign++;
      return;
    }
    const sequence = readSequence(stamp);
    if (!set.add(sequence)) {
      duplicated++;
      return;
    }
    distinct++;
    let last = lastSequence[producer];
    if (last === undefined) {
      last = [];
      lastSequence[producer] = last;
    }
    if (sequence < (last[record.partition] ?? -1)) outOfOrder++;
    else last[record.partition] = sequence;
    const dueUs = readDueUs(stamp);
    // Records of a backlog were due before the load began: when they are read says nothing of their latency.
    if (dueUs >= startUs) recorder.record('end-to-end', Math.floor((dueUs - startUs) / 1e6), nowUs - dueUs);
  };

  const take = (records: readonly ReceivedRecord[]): void => {
    if (records.length === 0) return;
    const nowUs = clock.nowUs();
    if (firstReceivedUs === 0) firstReceivedUs = nowUs;
    lastReceivedUs = nowUs;
    let bytes = 0;
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as ReceivedRecord;
      bytes += record.size;
      if (checkSequence) check(record, nowUs);
      positions[record.partition] = record.offset + 1;
    }
    received += records.length;
    receivedBytes += bytes;
    recorder.counters.received += records.length;
    recorder.counters.receivedBytes += bytes;
  };

  const finish = (): void => {
    finished = true;
    tellProgress();
    emit({ type: 'interval', snapshot: recorder.snapshot(second, { ...positions }) });
    emit({
      type: 'done',
      done: {
        role: 'consumer',
        group: assignment.group,
        received,
        receivedBytes,
        partitions,
        duplicated,
        outOfOrder,
        foreign,
        rebalances,
        rebalancingMs,
        firstReceivedUs,
        lastReceivedUs,
        errorsByCode,
        seen: seen.map((set, producer) => ({ producer, bits: set.bits })),
        wireBytes: wire?.received ?? null,
      },
    });
  };

  const report = (nowUs: number): void => {
    while (nowUs >= startUs + (second + 1) * 1e6) {
      emit({ type: 'interval', snapshot: recorder.snapshot(second++, { ...positions }) });
    }
    if (nowUs >= progressAtUs) {
      progressAtUs = nowUs + PROGRESS_EVERY_US;
      tellProgress();
    }
  };

  /** Sleeps as the handler does, in slices: an order to stop ends it, and each second is told in time. */
  const handle = (leftMs: number): void => {
    report(clock.nowUs());
    if (stopping || leftMs <= 0) poll();
    else clock.sleep(Math.min(leftMs, HANDLER_SLICE_MS), () => handle(leftMs - HANDLER_SLICE_MS));
  };

  const poll = (): void => {
    if (finished) return;
    if (stopping && wire !== undefined) {
      finish();
      return;
    }
    client.receive(maxPollRecords, (error, records) => {
      // Without a handler to wait for, the client collects the next records while these are checked.
      const ahead = assignment.handlerMs === 0 && error === null && !stopping;
      if (ahead) poll();
      if (error !== null) countError(errorsByCode, error.code);
      take(records);
      report(clock.nowUs());
      if (ahead) return;
      handlerDebtMs += (records.length * assignment.handlerMs) / assignment.concurrency;
      // Timers have 1 ms steps, so shorter handler times are slept in sum.
      if (handlerDebtMs >= 1 && !stopping) {
        const sleepMs = Math.floor(handlerDebtMs);
        handlerDebtMs -= sleepMs;
        handle(sleepMs);
      } else clock.wait(0, poll);
    });
  };

  return {
    async prepare() {
      await client.connect(assignment.topic, context.connectTimeoutMs, assignment.paused);
      poll();
    },
    start(start) {
      startUs = start;
      if (assignment.paused) client.resume();
    },
    reportProgress() {
      progressAtUs = clock.nowUs();
    },
    stop() {
      stopping = true;
      // The client's statistics come while it is polled, so polling goes on until they have.
      void client.statistics(WIRE_LIMIT_MS).then((bytes) => {
        wire = bytes;
      });
    },
    async close() {
      recorder.close();
      await client.close();
    },
  };
}
