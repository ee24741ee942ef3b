import { ClientError, type ProducerClient } from '../client/driver.ts';
import { createRandom } from '../common/random.ts';
import { Intervals } from './intervals.ts';
import { pacerOf } from './pacer.ts';
import type { ProducerAssignment, ProducerDone } from './protocol.ts';
import { QueueFull } from './queue-full.ts';
import { readWhile } from './read-while.ts';
import { RecordBatch, type RecordSource } from './record-batch.ts';
import { recordHeaders } from './record-headers.ts';
import { DUE_TO_SENT, Recorder } from './recorder.ts';
import { createReports } from './reports.ts';
import { countError, type Role, type RoleContext } from './role.ts';
import { settle } from './settle.ts';
import { Slots } from './slots.ts';
import { createTransactions } from './transactions.ts';
import { runTurns } from './turns.ts';

const QUEUE_FULL_WAIT_US = 100;
/** Records due this close together go out in one call: a call a record costs more than the delay it saves. */
const MIN_TURN_US = 200;
const IDLE_WAIT_US = 1_000;
const MAX_IN_FLIGHT = 1_000_000;
const STATISTICS_LIMIT_MS = 1_000;
/** Reports that wait to be read: a hundred milliseconds of a million a second, in 3.7 MB. */
const MAX_RING_ROWS = 131_072;
const MIN_RING_ROWS = 1_024;

/** A producer's loop: sends each record when it is due, whatever became of the ones before it. */
export function createProducer(
  assignment: ProducerAssignment,
  source: RecordSource,
  context: RoleContext,
): Role {
  const { clock, emit } = context;
  const { topic, runTag, index, recordLimit } = assignment;
  const timed = assignment.timing === 'each';
  const paced = assignment.rate !== 'max';
  const transactional = assignment.transactionSize !== null;
  const recorder = new Recorder(() => client.cpuUs());
  const slots = new Slots(timed ? Math.min(MAX_IN_FLIGHT, assignment.queueLimit) : 1);
  const pacer = pacerOf(assignment);
  // The same due times a second time: what was due must be counted also while nothing can be sent.
  const duePacer = paced ? pacerOf(assignment) : null;
  const errorsByCode: Record<string, number> = {};
  const headers = recordHeaders(assignment);
  const queueFull = new QueueFull(recorder);
  const intervals = new Intervals(recorder, (snapshot) => emit({ type: 'interval', snapshot }));

  let startUs = 0;
  let endUs = 0;
  let second = 0;
  let sent = 0;
  let due = 0;
  let sentBytes = 0;
  let drainUntilUs = Number.POSITIVE_INFINITY;
  let phase: 'sending' | 'draining' | 'done' | 'closed' = 'sending';
  let refused: ProducerDone['refused'] = null;

  const client: ProducerClient = context.driver.createProducer(
    assignment.client,
    {
      topic,
      reports: timed ? 'each' : 'errors',
      stamp: assignment.stamp,
      headers: headers.list,
      ringRows: Math.min(MAX_RING_ROWS, Math.max(MIN_RING_ROWS, 2 ** Math.ceil(Math.log2(slots.capacity)))),
    },
    { onError: (code) => countError(errorsByCode, code) },
  );
  const batch = new RecordBatch(source, {
    rows: client.burstRows,
    timed,
    runTag,
    producer: index,
    firstPayload: createRandom(assignment.seed).fork(`payload ${index}`).int(source.payloads.count),
    headerBytes: headers.sizeBytes,
    stamp: assignment.stamp,
  });
  const reports = createReports(client, {
    recorder,
    slots: timed ? slots : null,
    topic,
    errorsByCode,
    errorName: (code) => context.driver.errorName(code),
    nowUs: () => clock.nowUs(),
    startUs: () => (paced ? startUs : null),
  });
  const transactions = createTransactions(client, assignment.transactionSize, errorsByCode);

  /** Hands over what is ready; false where the client has no room for all of it. Sent: when the call for its batch began. */
  const handOver = (nowUs: number): boolean => {
    const { columns, from, waiting } = batch;
    // An open tap's records are due when they are handed over.
    if (!paced) for (let row = from; row < batch.end; row++) batch.due(row, nowUs);
    const sentUs = clock.nowUs();
    const taken = client.produce(columns, from, waiting);
    let bytes = 0;
    for (let row = from; row < from + taken; row++) {
      bytes += batch.bytes[row] as number;
      if (columns.slots === null) continue;
      const dueUs = batch.dueUs[row] as number;
      slots.sent(columns.slots[row] as number, dueUs, sentUs, batch.bytes[row] as number);
      if (paced) recorder.record(DUE_TO_SENT, Math.floor((dueUs - startUs) / 1e6), sentUs - dueUs);
    }
    batch.taken(taken);
    sent += taken;
    sentBytes += bytes;
    recorder.counters.sent += taken;
    return taken === waiting;
  };

  /** Records that were made ready and cannot be sent any more were never sent. */
  const dropWaiting = (): void => {
    const { slots: taken } = batch.columns;
    if (taken !== null) {
      for (let row = batch.from; row < batch.end; row++) slots.release(taken[row] as number);
    }
    batch.taken(batch.waiting);
  };

  const countDue = (untilUs: number): void => {
    if (duePacer === null) return;
    while (duePacer.dueUs < untilUs && (recordLimit === null || due < recordLimit)) {
      due++;
      recorder.counters.due++;
      duePacer.advance();
    }
  };

  const snapshotsUntil = (nowUs: number): void => {
    while (nowUs >= startUs + (second + 1) * 1e6) {
      countDue(Math.min((second + 1) * 1e6, endUs - startUs));
      queueFull.split(nowUs);
      intervals.end(second++, { brokersAsSeen: client.brokersAsSeen() });
    }
    // As it falls due: a second of it at once is milliseconds at a high rate.
    countDue(Math.min(nowUs, endUs) - startUs);
  };

  const reading = <T>(work: Promise<T>): Promise<T> => readWhile(work, clock, () => reports.read());

  const finish = async (): Promise<void> => {
    phase = 'done';
    countDue(endUs - startUs);
    const flushed =
      timed || (await reading(client.flush(Math.max(1, Math.ceil((drainUntilUs - clock.nowUs()) / 1000)))));
    await reading(transactions.end());
    const finishedUs = clock.nowUs();
    // Where it cannot say how many it holds, none is known to have arrived.
    const held = flushed ? 0 : ((await client.queued(STATISTICS_LIMIT_MS)) ?? Number.POSITIVE_INFINITY);
    const traffic = await client.traffic(STATISTICS_LIMIT_MS);
    const account = settle({ sent, sentBytes, timed, held }, reports, transactions.abortedSequences);
    intervals.end(second, { brokersAsSeen: client.brokersAsSeen() });
    intervals.flush();
    if (refused !== null && refused !== reports.refused) countError(errorsByCode, refused.code);
    emit({
      type: 'done',
      done: {
        role: 'producer',
        due: paced ? due : sent,
        sent,
        acked: account.acked,
        ackedBytes: account.ackedBytes,
        failed: reports.failed,
        queueFull: queueFull.count,
        errorsByCode,
        refused,
        failedSequences: timed ? account.failedSequences : null,
        committedTransactions: transactions.committed,
        abortedTransactions: transactions.aborted,
        wireBytes: traffic?.sent ?? null,
        produceRequests: traffic?.produceRequests ?? null,
        finishedUs,
        inFlight: timed ? slots.inFlight : account.unsettled,
      },
    });
  };

  const startDrain = (nowUs: number, limitMs: number): void => {
    if (phase !== 'sending') return;
    queueFull.over(nowUs);
    dropWaiting();
    phase = 'draining';
    endUs = Math.min(endUs, nowUs);
    // From the end of the load, also where the last records could be sent only later.
    drainUntilUs = endUs + limitMs * 1000;
  };

  /** Makes ready what is due. Returns when the next record is, or why there is none. */
  const gather = (nowUs: number): number | 'over' | 'limit' | 'no slot' => {
    const most = sent + transactions.room;
    for (;;) {
      // From the start, as `countDue` reckons: a sum with the clock is rounded, and a record due at the end would differ.
      if (paced ? pacer.dueUs >= endUs - startUs : nowUs >= endUs) return 'over';
      const sequence = sent + batch.waiting;
      if (sequence === recordLimit) return 'limit';
      const dueUs = paced ? startUs + pacer.dueUs : nowUs;
      if (dueUs > nowUs) return Math.max(nowUs + MIN_TURN_US, Math.min(dueUs, startUs + (second + 1) * 1e6));
      if (sequence >= most || !batch.hasRoom) return nowUs;
      const slot = timed ? slots.take(sequence) : 0;
      if (slot === -1) return 'no slot';
      batch.add(sequence, dueUs, slot);
      pacer.advance();
    }
  };

  const sendDue = (nowUs: number): number => {
    if (transactional && !transactions.mayProduce()) return nowUs + QUEUE_FULL_WAIT_US;
    if (!paced && nowUs >= endUs) dropWaiting();
    const next = batch.waiting > 0 ? nowUs : gather(nowUs);
    if (batch.waiting > 0) {
      const all = handOver(nowUs);
      if (transactional) transactions.produced(sent);
      if (!all) {
        queueFull.refused(nowUs);
        return nowUs + QUEUE_FULL_WAIT_US;
      }
      queueFull.over(nowUs);
    }
    if (next === 'no slot') {
      queueFull.refused(nowUs);
      return nowUs + QUEUE_FULL_WAIT_US;
    }
    if (typeof next === 'number') return next;
    startDrain(next === 'over' ? Math.max(nowUs, endUs) : nowUs, assignment.drainLimitMs);
    return nowUs;
  };

  /** Nothing more is sent, but what falls due until the planned end was offered all the same. */
  const awaitEnd = (nowUs: number): number => {
    if (paced && nowUs < endUs) return Math.min(endUs, startUs + (second + 1) * 1e6);
    startDrain(nowUs, assignment.drainLimitMs);
    return nowUs;
  };

  const sendOrGiveUp = (nowUs: number): number => {
    try {
      refused ??= reports.refused;
      if (nowUs > endUs + assignment.drainLimitMs * 1000) startDrain(nowUs, assignment.drainLimitMs);
      else if (refused !== null) return awaitEnd(nowUs);
      else return nowUs < startUs ? startUs : sendDue(nowUs);
    } catch (error) {
      // A record that the client refuses outright will be refused again: send no more and say why.
      refused = {
        code: error instanceof ClientError ? error.code : 'ERR__FAIL',
        message: error instanceof Error ? error.message : String(error),
      };
      queueFull.over(nowUs);
    }
    return nowUs;
  };

  const step = (): number => {
    if (phase === 'closed') return Number.POSITIVE_INFINITY;
    const nowUs = clock.nowUs();
    reports.read();
    snapshotsUntil(nowUs);
    if (phase === 'sending') {
      const nextUs = sendOrGiveUp(nowUs);
      if (!intervals.pending) return nextUs;
      intervals.proceed();
      return Math.min(nextUs, nowUs + MIN_TURN_US);
    }
    intervals.proceed();
    const idle = (!timed || slots.inFlight === 0) && transactions.idle;
    if (!idle && nowUs <= drainUntilUs) return nowUs + IDLE_WAIT_US;
    void finish().catch((error: unknown) => {
      emit({ type: 'failed', code: 'ERR__FAIL', message: String(error) });
    });
    return Number.POSITIVE_INFINITY;
  };

  return {
    async prepare() {
      await client.connect(context.connectTimeoutMs);
      await transactions.begin();
      emit({ type: 'ready' });
    },
    start(start, end) {
      startUs = start;
      endUs = end;
      recorder.begin();
      runTurns(clock, client, step);
    },
    stop(limitMs) {
      if (startUs === 0) {
        startUs = clock.nowUs();
        endUs = startUs;
        runTurns(clock, client, step);
      } else startDrain(clock.nowUs(), limitMs);
    },
    async close() {
      phase = 'closed';
      recorder.close();
      await client.close();
    },
  };
}
