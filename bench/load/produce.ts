import { ClientError, type ProducerClient } from '../client/driver.ts';
import { createRandom } from '../common/random.ts';
import { StampWriter } from '../results/stamp.ts';
import { createOpenPacer, createPacer, type Pacer } from './pacer.ts';
import type { ProducerAssignment, ProducerDone } from './protocol.ts';
import { QueueFull } from './queue-full.ts';
import { recordHeaders } from './record-headers.ts';
import { Recorder } from './recorder.ts';
import { countError, type Role, type RoleContext } from './role.ts';
import { Slots } from './slots.ts';
import { createTransactions } from './transactions.ts';

/** The payloads and keys to send; both are cycled through. Payloads are stamped in place. */
export interface RecordSource {
  readonly payloads: readonly Buffer[];
  /** Record i has the key `keys[sequence[i]]`. */
  readonly keyed: { readonly keys: readonly Buffer[]; readonly sequence: Uint32Array } | null;
}

/** The addon dispatches at most 100 delivery reports a turn of the event loop: sending more than that starves them. */
const BURST_WITH_REPORTS = 100;
const BURST_COUNTING = 1_000;
const QUEUE_FULL_WAIT_US = 100;
/** Records due this close together go out in one turn: a turn a record costs more than the delay it saves. */
const MIN_TURN_US = 100;
const IDLE_WAIT_US = 1_000;
const MAX_IN_FLIGHT = 1_000_000;

function keyOf(keyed: NonNullable<RecordSource['keyed']>, sequence: number): Buffer {
  return keyed.keys[keyed.sequence[sequence % keyed.sequence.length] as number] as Buffer;
}

function pacerOf(assignment: ProducerAssignment): Pacer {
  if (assignment.rate === 'max') return createOpenPacer();
  const { steps, arrivals } = assignment.rate;
  const random = createRandom(assignment.seed).fork(`arrivals ${assignment.index}`);
  const exponential = () => -Math.log(1 - random.next());
  return createPacer(steps, assignment.phase, arrivals === 'poisson' ? exponential : undefined);
}

/** A producer process's loop: sends each record when it is due, whatever became of the ones before it. */
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
  const recorder = new Recorder();
  const slots = new Slots(timed ? Math.min(MAX_IN_FLIGHT, assignment.queueLimit) : 1);
  const pacer = pacerOf(assignment);
  // The same due times a second time: what was due must be counted also while nothing can be sent.
  const duePacer = paced ? pacerOf(assignment) : null;
  const { payloads, keyed } = source;
  const firstPayload = createRandom(assignment.seed).fork(`payload ${index}`).int(payloads.length);
  const errorsByCode: Record<string, number> = {};
  const failedSequences: number[] = [];
  const stamp = new StampWriter(runTag, index);
  const inPayload = assignment.stamp === 'payload';
  const headers = recordHeaders(assignment);
  const queueFull = new QueueFull(recorder);

  let startUs = 0;
  let endUs = 0;
  let second = 0;
  let sequence = 0;
  let due = 0;
  let acked = 0;
  let ackedBytes = 0;
  let sentBytes = 0;
  let failed = 0;
  let drainUntilUs = Number.POSITIVE_INFINITY;
  let phase: 'sending' | 'draining' | 'done' = 'sending';
  let refused: ProducerDone['refused'] = null;

  const client: ProducerClient = context.driver.createProducer(assignment.client, timed ? 'each' : 'errors', {
    onReport(errorCode, slot) {
      if (errorCode !== null) {
        failed++;
        recorder.counters.failed++;
        countError(errorsByCode, errorCode);
        if (slot === undefined) return;
        failedSequences.push(slots.sequence[slot] as number);
        slots.release(slot);
        return;
      }
      if (slot === undefined) return;
      const dueUs = slots.dueUs[slot] as number;
      const bytes = slots.bytes[slot] as number;
      acked++;
      ackedBytes += bytes;
      recorder.counters.acked++;
      recorder.counters.ackedBytes += bytes;
      if (paced) {
        const ackUs = clock.nowUs();
        const dueSecond = Math.floor((dueUs - startUs) / 1e6);
        recorder.record('due-to-ack', dueSecond, ackUs - dueUs);
        recorder.record('sent-to-ack', dueSecond, ackUs - (slots.sentUs[slot] as number));
      }
      slots.release(slot);
    },
    onError(code) {
      countError(errorsByCode, code);
    },
  });
  const transactions = createTransactions(client, assignment.transactionSize, errorsByCode);

  /** Enqueues the next record; false where the client has no room for it. */
  const send = (dueUs: number): boolean => {
    const slot = timed ? slots.take() : undefined;
    if (slot === -1) return false;
    const payload = payloads[(firstPayload + sequence) % payloads.length] as Buffer;
    const key = keyed === null ? null : keyOf(keyed, sequence);
    stamp.write(inPayload ? payload : headers.stamp, sequence, dueUs);
    const bytes = payload.length + headers.sizeBytes + (key === null ? 0 : key.length);
    if (slot !== undefined) {
      const sentUs = clock.nowUs();
      slots.dueUs[slot] = paced ? dueUs : sentUs;
      slots.sentUs[slot] = sentUs;
      slots.sequence[slot] = sequence;
      slots.bytes[slot] = bytes;
      if (!client.produce(topic, payload, key, slot, headers.list)) {
        slots.release(slot);
        return false;
      }
      if (paced) recorder.record('due-to-sent', Math.floor((dueUs - startUs) / 1e6), sentUs - dueUs);
    } else if (!client.produce(topic, payload, key, undefined, headers.list)) return false;
    sequence++;
    sentBytes += bytes;
    recorder.counters.sent++;
    return true;
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
      emit({ type: 'interval', snapshot: recorder.snapshot(second++) });
    }
  };

  const finish = async (): Promise<void> => {
    phase = 'done';
    countDue(endUs - startUs);
    const flushed = timed || (await client.flush(Math.max(1, (drainUntilUs - clock.nowUs()) / 1000)));
    await transactions.end();
    const finishedUs = clock.nowUs();
    const statistics = await client.statistics(1_000);
    // Without reports the client alone knows how many it still holds; where it can't say, none is known to have arrived.
    const unsettled = flushed
      ? 0
      : Math.min(sequence - failed, statistics?.queued ?? Number.POSITIVE_INFINITY);
    if (!timed) {
      acked = sequence - failed - unsettled;
      ackedBytes = sequence === 0 ? 0 : (sentBytes * acked) / sequence;
    }
    // Of an aborted transaction's records some may have failed before: each is taken off once.
    const notToBeRead = new Set(failedSequences);
    let aborted = 0;
    for (const [from, to] of transactions.abortedSequences) {
      for (let s = from; s < to; s++) {
        if (!notToBeRead.has(s)) aborted++;
        notToBeRead.add(s);
      }
    }
    emit({ type: 'interval', snapshot: recorder.snapshot(second) });
    if (refused !== null) countError(errorsByCode, refused.code);
    emit({
      type: 'done',
      done: {
        role: 'producer',
        due: paced ? due : sequence,
        sent: sequence,
        acked: Math.max(0, acked - aborted),
        ackedBytes,
        failed,
        queueFull: queueFull.count,
        errorsByCode,
        refused,
        failedSequences: timed ? Float64Array.from(notToBeRead) : null,
        committedTransactions: transactions.committed,
        abortedTransactions: transactions.aborted,
        wireBytes: statistics?.sent ?? null,
        produceRequests: statistics?.produceRequests ?? null,
        finishedUs,
        inFlight: timed ? slots.inFlight : unsettled,
      },
    });
  };

  const startDrain = (nowUs: number, limitMs: number): void => {
    if (phase !== 'sending') return;
    queueFull.over(nowUs);
    phase = 'draining';
    endUs = Math.min(endUs, nowUs);
    // From the end of the load, also where the last records could be sent only later.
    drainUntilUs = endUs + limitMs * 1000;
  };

  const sendDue = (nowUs: number): number => {
    const burst = timed ? BURST_WITH_REPORTS : BURST_COUNTING;
    for (let sentNow = 0; sentNow < burst; sentNow++) {
      const dueUs = paced ? startUs + pacer.dueUs : nowUs;
      // From the start, as `countDue` reckons: a sum with the clock is rounded, and a record due at the end would differ.
      const over = paced ? pacer.dueUs >= endUs - startUs : nowUs >= endUs;
      if (over || sequence === recordLimit) {
        startDrain(over ? Math.max(nowUs, endUs) : nowUs, assignment.drainLimitMs);
        return 0;
      }
      if (dueUs > nowUs) return Math.max(MIN_TURN_US, Math.min(dueUs, startUs + (second + 1) * 1e6) - nowUs);
      if (transactional && !transactions.mayProduce()) return QUEUE_FULL_WAIT_US;
      if (!send(dueUs)) {
        queueFull.refused(nowUs);
        return QUEUE_FULL_WAIT_US;
      }
      queueFull.over(nowUs);
      if (transactional) transactions.produced(sequence);
      pacer.advance();
    }
    return 0;
  };

  /** Nothing more is sent, but what falls due until the planned end was offered all the same. */
  const awaitEnd = (nowUs: number): number => {
    if (paced && nowUs < endUs) return Math.min(endUs, startUs + (second + 1) * 1e6) - nowUs;
    startDrain(nowUs, assignment.drainLimitMs);
    return 0;
  };

  const turn = (): void => {
    const nowUs = clock.nowUs();
    snapshotsUntil(nowUs);
    if (phase === 'sending') {
      let waitUs = 0;
      try {
        if (nowUs > endUs + assignment.drainLimitMs * 1000) startDrain(nowUs, assignment.drainLimitMs);
        else if (refused !== null) waitUs = awaitEnd(nowUs);
        else waitUs = nowUs < startUs ? startUs - nowUs : sendDue(nowUs);
      } catch (error) {
        // A record that the client refuses outright will be refused again: send no more and say why.
        refused = {
          code: error instanceof ClientError ? error.code : 'ERR__FAIL',
          message: error instanceof Error ? error.message : String(error),
        };
        queueFull.over(nowUs);
      }
      clock.wait(waitUs, turn);
      return;
    }
    const idle = (!timed || slots.inFlight === 0) && transactions.idle;
    if (idle || nowUs > drainUntilUs) {
      void finish().catch((error: unknown) => {
        emit({ type: 'failed', code: 'ERR__FAIL', message: String(error) });
      });
      return;
    }
    clock.wait(IDLE_WAIT_US, turn);
  };

  return {
    async prepare() {
      await client.connect(topic, context.connectTimeoutMs);
      await transactions.begin();
      emit({ type: 'ready' });
    },
    start(start, end) {
      startUs = start;
      endUs = end;
      turn();
    },
    stop(limitMs) {
      if (startUs === 0) {
        startUs = clock.nowUs();
        endUs = startUs;
        turn();
      } else startDrain(clock.nowUs(), limitMs);
    },
    async close() {
      recorder.close();
      await client.close();
    },
  };
}
