import type { ConsumerHandlers, Traffic } from '../client/driver.ts';
import { join } from './join.ts';
import type { ConsumerAssignment } from './protocol.ts';
import { createRecordCheck } from './record-check.ts';
import { Recorder, type ToldBesides } from './recorder.ts';
import { countError, type Role, type RoleContext } from './role.ts';

const PROGRESS_EVERY_US = 20_000;
const WIRE_LIMIT_MS = 1_000;
/** The event loop gets a turn this often while records are there to be read. */
const SLICE_US = 1_000;
/** Records that trickle in are left to gather this long: the client has noted when each came. */
const GATHER_MS = 1;
const [IDLE_MS, POLLED_AGAIN_MS] = [1_000, 400];
/** A tenth of a second of what a consumer reads at best, in 2 MB. */
const RING_ROWS = 32_768;
const powerOfTwoFrom = (rows: number): number => 2 ** Math.ceil(Math.log2(rows));

/** A consumer's loop: receives, checks each record's sequence, and times it from when it was due. */
export function createConsumer(assignment: ConsumerAssignment, context: RoleContext): Role {
  const { clock, emit } = context;
  const { maxPollRecords, checkSequence, handlerMs } = assignment;
  const recorder = new Recorder(() => client.cpuUs());
  const positions: Record<number, number> = {};
  const errorsByCode: Record<string, number> = {};
  let partitions: readonly number[] = [];
  let startUs = Number.POSITIVE_INFINITY;
  let second = 0;
  let received = 0;
  let receivedBytes = 0;
  let firstReceivedUs = 0;
  let lastReceivedUs = 0;
  let [rebalances, rebalancesTold, rebalancingMs] = [0, 0, 0];
  let revokedAtUs: number | undefined;
  let ready = false;
  let [stopping, ended] = [false, false];
  let finished = false;
  let connected = false;
  let progressAtUs = Number.POSITIVE_INFINITY;
  let handlerDebtMs = 0;
  /** Records whose handler is still at work, and until when it is. */
  let handled = 0;
  let handlingUntilUs = 0;
  /** Positions behind those records: a record is read when it has been handled, as its consumer would commit it. */
  let handledPositions: Record<number, number> = {};
  let wire: Traffic | null | undefined;

  const tellProgress = (): void => {
    emit({
      type: 'progress',
      received: member?.settled ?? (checkSequence ? check.distinct : received),
      positions: { ...positions },
    });
  };

  const options = {
    stamp: checkSequence ? assignment.stamp : ('none' as const),
    pollRows: maxPollRecords,
    // With a slow handler the client reads no further ahead than what one poll takes.
    ringRows: Math.max(powerOfTwoFrom(maxPollRecords), handlerMs > 0 ? 1 : RING_ROWS),
  };
  const handlers: ConsumerHandlers = {
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
  };
  const { client, member } = join(assignment, context.driver, options, handlers);

  const check = createRecordCheck(assignment, client.rows, recorder);

  /** Reads one poll's records; how many they were. They are released when they have been handled. */
  const take = (): number => {
    const { start, count: readable } = client.readable();
    const count = Math.min(readable, maxPollRecords);
    if (count === 0) return 0;
    const { rows, rowMask: mask } = client;
    const readUs = clock.nowUs();
    if (firstReceivedUs === 0) firstReceivedUs = rows.atUs[start] as number;
    let batchAtUs = rows.atUs[start] as number;
    let batchRows = 0;
    let bytes = 0;
    const reached = handlerMs > 0 && !stopping ? handledPositions : positions;
    for (let i = 0; i < count; i++) {
      const row = (start + i) & mask;
      const atUs = rows.atUs[row] as number;
      if (atUs !== batchAtUs) {
        recorder.noticed(batchRows, readUs - batchAtUs);
        batchAtUs = atUs;
        batchRows = 0;
      }
      batchRows++;
      bytes += rows.sizeBytes[row] as number;
      if (checkSequence) check.row(row, startUs);
      if (member !== null) member.taken(row);
      else reached[rows.partition[row] as number] = (rows.offset[row] as number) + 1;
    }
    recorder.noticed(batchRows, readUs - batchAtUs);
    lastReceivedUs = batchAtUs;
    received += count;
    receivedBytes += bytes;
    recorder.counters.received += count;
    recorder.counters.receivedBytes += bytes;
    return count;
  };

  /** How far this consumer has come, and what became of its partitions. */
  const besides = (): ToldBesides => {
    const since = rebalances - rebalancesTold;
    rebalancesTold = rebalances;
    return {
      ...(member === null ? { positions: { ...positions } } : { settled: member.takeSettled() }),
      ...(since === 0 ? {} : { rebalances: since }),
    };
  };

  /** The handler of the oldest rows is through. */
  const release = (count: number): void => {
    member?.released(client.readable().start, count, clock.nowUs());
    client.release(count);
  };

  const finish = (): void => {
    finished = true;
    tellProgress();
    emit({ type: 'interval', snapshot: recorder.snapshot(second, besides()) });
    emit({
      type: 'done',
      done: {
        role: 'consumer',
        group: assignment.group,
        received,
        receivedBytes,
        partitions,
        duplicated: check.duplicated,
        outOfOrder: check.outOfOrder,
        foreign: check.foreign,
        rebalances,
        rebalancingMs,
        firstReceivedUs,
        lastReceivedUs,
        lowestLatencyUs: check.lowestLatencyUs,
        errorsByCode,
        seen: check.seen,
        wireBytes: wire?.received ?? null,
        ...(member === null ? {} : { share: { ...member.tally, redelivered: check.redelivered } }),
      },
    });
  };

  const report = (nowUs: number): void => {
    while (nowUs >= startUs + (second + 1) * 1e6) {
      emit({ type: 'interval', snapshot: recorder.snapshot(second++, besides()) });
    }
    if (nowUs >= progressAtUs) {
      progressAtUs = nowUs + PROGRESS_EVERY_US;
      tellProgress();
    }
  };

  /** Later calls replace earlier ones: whoever comes first takes the next step. */
  let turn = 0;
  const next = (): (() => void) => {
    const own = ++turn;
    return () => {
      if (own === turn) step();
    };
  };

  /** Sleeps no longer than until the next snapshot or progress is due, so that a long handler hides neither. */
  const sleepUntil = (untilUs: number, go: () => void): void => {
    const nowUs = clock.nowUs();
    const wakeUs = Math.min(untilUs, progressAtUs, startUs + (second + 1) * 1e6);
    clock.sleep(Math.min(IDLE_MS, Math.max(1, Math.ceil((wakeUs - nowUs) / 1000))), go);
  };

  /** Takes polls until less than a poll's worth is there or the event loop wants its turn; the size of the last one. */
  const takeAll = (): number => {
    const sliceEndUs = clock.nowUs() + SLICE_US;
    for (;;) {
      const count = take();
      if (handlerMs > 0 && !stopping) {
        handled = count;
        return count;
      }
      release(count);
      if (count < maxPollRecords || clock.nowUs() >= sliceEndUs) return count;
    }
  };

  /** The handler is through: what it had in hand is read. */
  const handOn = (): void => {
    release(handled);
    handled = 0;
    for (const [partition, position] of Object.entries(handledPositions)) {
      // One that was given up meanwhile has a new owner, who tells of it.
      if (partitions.includes(Number(partition))) positions[Number(partition)] = position;
    }
    handledPositions = {};
  };

  const handle = (count: number): void => {
    handlerDebtMs += (count * handlerMs) / assignment.concurrency;
    // Timers have 1 ms steps, so shorter handler times are slept in sum.
    const sleepMs = Math.floor(handlerDebtMs);
    handlerDebtMs -= sleepMs;
    handlingUntilUs = clock.nowUs() + sleepMs * 1000;
  };

  /** A late group begins. */
  const wake = (): void => {
    if (stopping || finished) return;
    client.resume();
    step();
  };

  const step = (): void => {
    if (finished || !connected) return;
    const go = next();
    report(clock.nowUs());
    // A handler at work asks the client for nothing: that is what trips max.poll.interval.ms.
    if (clock.nowUs() < handlingUntilUs && !stopping) {
      sleepUntil(handlingUntilUs, go);
      return;
    }
    if (handled > 0) handOn();
    // A slow handler ends with one more poll: what it has no time for is unread.
    const count = ended ? 0 : takeAll();
    ended = stopping && handlerMs > 0;
    report(clock.nowUs());
    if (stopping && wire !== undefined) {
      finish();
      return;
    }
    if (handled > 0) handle(count);
    if (clock.nowUs() < handlingUntilUs) sleepUntil(handlingUntilUs, go);
    else if (count === maxPollRecords || handled > 0) clock.wait(0, go);
    else if (count > 0) clock.sleep(GATHER_MS, go);
    else {
      client.onReadable(go);
      sleepUntil(Number.POSITIVE_INFINITY, go);
    }
  };

  return {
    async prepare() {
      const { connectTimeoutMs: limitMs, beforeJoin } = context;
      await client.connect([assignment.topic], limitMs, assignment.paused, beforeJoin);
      connected = true;
      step();
    },
    start(start) {
      startUs = start;
      recorder.begin();
      const { lateMs } = assignment;
      if (lateMs !== undefined) clock.sleep(lateMs + (start - clock.nowUs()) / 1000, wake);
      else if (assignment.paused) client.resume();
      step();
    },
    setClocks: (clocks) => check.setClocks(clocks),
    reportProgress() {
      progressAtUs = clock.nowUs();
      step();
    },
    stop() {
      stopping = true;
      step();
      // A client that a handler kept from polling has its errors still to tell.
      const polled = new Promise<void>((go) => clock.sleep(handlerMs > 0 ? POLLED_AGAIN_MS : 0, go));
      void Promise.all([client.traffic(WIRE_LIMIT_MS), polled]).then(([traffic]) => {
        wire = traffic;
        step();
      });
    },
    async close(how = {}) {
      finished = true;
      recorder.close();
      await client.close(how);
    },
  };
}
