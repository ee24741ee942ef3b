import { waitUntil } from '../common/deadline.ts';
import { KsweepError } from '../common/errors.ts';
import type { Agents } from './agent/agents.ts';
import type { GeneratorFailure, LoadGenerator, MessageOfLoad } from './agent/load-generator.ts';
import { unreadyReason } from './group-balance.ts';
import type {
  ConsumerAssignment,
  ConsumerDone,
  IntervalSnapshot,
  ProducerAssignment,
  ProducerDone,
} from './protocol.ts';

interface Entry<A, D> {
  readonly generator: LoadGenerator;
  readonly assignment: A;
  readonly snapshots: IntervalSnapshot[];
  done: D | null;
  ready: boolean;
  /** Consumers: whether it could join its group, and whether it was told to. */
  connected: boolean;
  joining: boolean;
  /** Whether it heard of a start across hosts before its time; null until it has answered. */
  armed: boolean | null;
  /** What it answered when a start was taken back: whether it had begun; null until then. */
  disarmed: boolean | null;
  /** When it began, µs of its host's clock; null until then. */
  begunUs: number | null;
  partitions: readonly number[] | undefined;
  /** Consumers: distinct records, as last told. */
  received: number;
  /** Consumers: the highest next offset told, by partition; kept when the partition goes to another one. */
  readonly positions: Map<number, number>;
  /** How it was ended on purpose, by a disruption: its end is no failure. */
  removed: 'kill' | 'stop' | null;
}

/** What whoever starts generators writes down of their answers. */
type Answers = Pick<AnyEntry, 'armed' | 'disarmed'>;
export type ProducerEntry = Readonly<Entry<ProducerAssignment, ProducerDone>> & Answers;
export type ConsumerEntry = Readonly<Entry<ConsumerAssignment, ConsumerDone>> & Answers;
export type AnyStarted = ProducerEntry | ConsumerEntry;
type AnyEntry = Entry<ProducerAssignment | ConsumerAssignment, ProducerDone | ConsumerDone>;

/** The generators of one repeat: begins them, waits for them by condition and with a limit, and stops them. */
export class Ensemble {
  readonly #producers: Entry<ProducerAssignment, ProducerDone>[] = [];
  readonly #consumers: Entry<ConsumerAssignment, ConsumerDone>[] = [];
  readonly #agents: Agents;
  readonly #onSnapshot: (name: string, snapshot: IntervalSnapshot) => void;
  #failure: GeneratorFailure | undefined;

  constructor(agents: Agents, onSnapshot: (name: string, snapshot: IntervalSnapshot) => void) {
    this.#agents = agents;
    this.#onSnapshot = onSnapshot;
  }

  get producers(): readonly ProducerEntry[] {
    return this.#producers;
  }

  get consumers(): readonly ConsumerEntry[] {
    return this.#consumers;
  }

  addProducer(assignment: ProducerAssignment): ProducerEntry {
    const entry = this.#spawn<ProducerAssignment, ProducerDone>(assignment);
    this.#producers.push(entry);
    return entry;
  }

  addConsumer(assignment: ConsumerAssignment): ConsumerEntry {
    const entry = this.#spawn<ConsumerAssignment, ConsumerDone>(assignment);
    this.#consumers.push(entry);
    return entry;
  }

  #spawn<A extends ProducerAssignment | ConsumerAssignment, D extends ProducerDone | ConsumerDone>(
    assignment: A,
  ): Entry<A, D> {
    const entry: Entry<A, D> = {
      assignment,
      snapshots: [],
      done: null,
      ready: false,
      connected: false,
      joining: false,
      armed: null,
      disarmed: null,
      begunUs: null,
      partitions: undefined,
      received: 0,
      positions: new Map(),
      removed: null,
      generator: this.#agents.begin(
        assignment,
        (message) => this.#receive(entry as AnyEntry, message),
        (failure) => {
          if (entry.removed === null) this.#failure ??= failure;
        },
      ),
    };
    return entry;
  }

  #receive(entry: AnyEntry, message: MessageOfLoad): void {
    switch (message.type) {
      case 'connected':
        entry.connected = true;
        break;
      case 'ready':
        entry.ready = true;
        break;
      case 'armed':
        entry.armed = message.intime;
        break;
      case 'disarmed':
        entry.disarmed = message.begun;
        break;
      case 'begun':
        entry.begunUs = message.atUs;
        break;
      case 'assigned':
        entry.partitions = message.partitions;
        break;
      case 'progress':
        entry.received = message.received;
        notePositions(entry, message.positions);
        break;
      case 'interval':
        entry.snapshots.push(message.snapshot);
        notePositions(entry, message.snapshot.positions ?? {});
        this.#onSnapshot(entry.generator.name, message.snapshot);
        break;
      case 'done':
        entry.done = message.done as ProducerDone | ConsumerDone;
        break;
    }
  }

  /** Throws load-process-died where a generator failed or died that nobody asked to. */
  check(): void {
    if (this.#failure === undefined) return;
    const { name, code, message } = this.#failure;
    throw new KsweepError('load-process-died', `${name} ${code === 'died' ? '' : 'failed: '}${message}`, {
      hint: 'see the broker’s log; `ksweep run --resume <run folder>` continues with the rest of the plan',
    });
  }

  /** Waits for `condition`, noticing a generator that dies meanwhile. */
  wait(condition: () => boolean, limitMs: number): Promise<boolean> {
    return waitUntil(() => {
      this.check();
      return condition();
    }, limitMs);
  }

  /** Waits until each producer has its metadata and each group its balanced assignment; else names the culprit. */
  async ready(partitions: number, limitMs: number, signal?: AbortSignal): Promise<void> {
    const ready = (): boolean => {
      this.#joinTogether();
      return signal?.aborted === true || this.#unready(partitions) === null;
    };
    if (await this.wait(ready, limitMs)) return;
    throw new KsweepError(
      'ready-timeout',
      `not ready after ${limitMs / 1000} s: ${this.#unready(partitions)}`,
      {
        hint: 'check that the brokers are reachable from here at the addresses that they advertise',
      },
    );
  }

  /** One behind the other they would meet in several rounds of a group: the second waits for a heartbeat of the first. */
  #joinTogether(): void {
    const present = this.#present;
    if (!present.every(({ connected }) => connected)) return;
    for (const consumer of present) this.join(consumer);
  }

  /** Lets a consumer join its group, now or as soon as it is connected. */
  join(consumer: ConsumerEntry): void {
    const entry = consumer as Entry<ConsumerAssignment, ConsumerDone>;
    if (entry.joining) return;
    entry.joining = true;
    entry.generator.send({ type: 'join' });
  }

  get #present(): readonly Entry<ConsumerAssignment, ConsumerDone>[] {
    return this.#consumers.filter(({ removed }) => removed === null);
  }

  #unready(partitions: number): string | null {
    const producer = this.#producers.find(({ ready }) => !ready);
    if (producer !== undefined)
      return `${producer.generator.name} has no metadata of ${producer.assignment.topic}`;
    const present = this.#present;
    const away = present.find(({ connected }) => !connected);
    if (away !== undefined) return `${away.generator.name} has no metadata of ${away.assignment.topic}`;
    for (const group of new Set(present.map(({ assignment }) => assignment.group))) {
      const members = present
        .filter(({ assignment }) => assignment.group === group)
        .map((entry) => ({ name: entry.generator.name, partitions: entry.partitions }));
      const shares = present.some(({ assignment }) => assignment.group === group && assignment.share != null);
      const reason = unreadyReason(group, members, shares ? 0 : partitions);
      if (reason !== null) return reason;
    }
    return null;
  }

  /** Ends a consumer on purpose: by force, or by letting it leave its group. */
  remove(consumer: ConsumerEntry, how: 'kill' | 'stop'): void {
    (consumer as { removed: 'kill' | 'stop' | null }).removed = how;
    if (how === 'kill') consumer.generator.kill();
    else {
      consumer.generator.send({ type: 'stop', limitMs: 0 });
      void this.wait(() => consumer.done !== null, 10_000)
        .catch(() => false)
        .then(() => consumer.generator.exit());
    }
  }

  /** Ends every generator, the healthy ones politely. */
  async close(): Promise<void> {
    const all = [...this.#producers, ...this.#consumers];
    await Promise.all(all.map(({ generator }) => generator.exit()));
  }

  /** Ends all at once, with their agents. */
  kill(): void {
    this.#agents.kill();
  }
}

function notePositions(entry: AnyEntry, positions: Readonly<Record<number, number>>): void {
  for (const [key, position] of Object.entries(positions)) {
    const partition = Number(key);
    entry.positions.set(partition, Math.max(entry.positions.get(partition) ?? 0, position));
  }
}
