import { loadDriver } from '../../client/choose.ts';
import { ClientError } from '../../client/driver.ts';
import { createClock } from '../../common/clock.ts';
import { parseCorpus, parseKeys } from '../../corpus/corpus-file.ts';
import { createConsumer } from '../consume.ts';
import { Observer } from '../observe.ts';
import { createProducer } from '../produce.ts';
import type { Assignment, FromLoad, ProducerAssignment, ToLoad } from '../protocol.ts';
import type { RecordSource } from '../record-batch.ts';
import { prepareRecorder } from '../recorder.ts';
import type { Role } from '../role.ts';

const CONNECT_TIMEOUT_MS = 20_000;
/** A role is let loose this long before its start, and waits for the rest itself. */
const START_LEAD_MS = 20;

/** Payload and key files by id; they are shared by all producers of an agent. */
export type Blobs = ReadonlyMap<string, Uint8Array>;

/** One generator: one assignment, one role, then its end. It lives in a thread of an agent, or alone in one. */
export class Generator {
  readonly #clock = createClock();
  readonly #emit: (message: FromLoad) => void;
  readonly #blobs: Blobs;
  readonly #ended: () => void;
  #role: Role | undefined;
  #observer: Observer | undefined;
  #created: Promise<void> = Promise.resolve();
  #leaving = false;
  #armed: NodeJS.Timeout | undefined;
  #begun = false;
  #join: () => void = () => {};
  readonly #joining = new Promise<void>((resolve) => {
    this.#join = resolve;
  });

  /** @param ended when it has been told to end and nothing of it is left */
  constructor(emit: (message: FromLoad) => void, blobs: Blobs, ended: () => void) {
    this.#emit = emit;
    this.#blobs = blobs;
    this.#ended = ended;
  }

  receive(message: ToLoad): void {
    switch (message.type) {
      case 'assign':
        this.#created = this.#create(message.assignment);
        this.#created.then(() => this.#role?.prepare()).catch((error) => this.fail(error));
        break;
      case 'join':
        this.#join();
        break;
      case 'start':
        this.#order((role) => role.start(message.startUs, message.endUs));
        break;
      case 'arm':
        this.#order((role) => this.#arm(role, message.startUs, message.endUs));
        break;
      case 'disarm':
        this.#order(() => this.#disarm());
        break;
      case 'clocks':
        this.#order((role) => role.setClocks?.(message));
        break;
      case 'report-progress':
        this.#order((role) => role.reportProgress?.());
        break;
      case 'stop':
        this.#order((role) => role.stop(message.limitMs));
        break;
      case 'ask':
        void this.#created.then(
          () => this.#observer?.ask(message.id, message.request),
          () => {},
        );
        break;
      case 'exit':
        this.#leave(true);
        break;
    }
  }

  fail(error: unknown): void {
    const code = error instanceof ClientError ? error.code : 'ERR__FAIL';
    this.#emit({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  }

  /** What brokers see of a killed process: connections that close, and a group that nobody has left. */
  kill(): void {
    this.#leave(false);
  }

  /** The coordinator is gone: what was made for it is removed. */
  async abandon(): Promise<void> {
    if (!this.#leaving) await this.#observer?.abandon();
  }

  async #create(assignment: Assignment): Promise<void> {
    const driver = await loadDriver(assignment.driver);
    if (assignment.role === 'observer') {
      this.#observer = new Observer(assignment, driver, this.#emit);
      this.#observer.prepare(CONNECT_TIMEOUT_MS);
      return;
    }
    await prepareRecorder();
    const context = {
      driver,
      clock: this.#clock,
      emit: this.#emit,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      beforeJoin: () => {
        this.#emit({ type: 'connected' });
        return this.#joining;
      },
    };
    this.#role =
      assignment.role === 'producer'
        ? createProducer(assignment, this.#source(assignment), context)
        : createConsumer(assignment, context);
  }

  #source({ corpusId, keysId, headersId }: ProducerAssignment): RecordSource {
    const blob = (id: string): Uint8Array => {
      const bytes = this.#blobs.get(id);
      if (bytes === undefined) throw new Error(`${id} was not sent to this agent`);
      return bytes;
    };
    const keys = keysId === null ? null : parseKeys(blob(keysId), keysId);
    const headers = headersId === null ? null : parseKeys(blob(headersId), headersId);
    return { payloads: parseCorpus(blob(corpusId), corpusId), keys, headers };
  }

  /** Orders that come right behind the assignment, as to a consumer that is added, wait for the role to be there. */
  #order(give: (role: Role) => void): void {
    const ready = (): void => {
      if (this.#role !== undefined) give(this.#role);
    };
    // Where it could not be made, that has been told.
    void this.#created.then(ready, () => {});
  }

  /** Begins at a time that other hosts begin at, too; until shortly before it, that can be taken back. */
  #arm(role: Role, startUs: number, endUs: number): void {
    const leftUs = startUs - this.#clock.nowUs();
    this.#emit({ type: 'armed', intime: leftUs > 0 });
    if (leftUs <= 0) return;
    this.#armed = setTimeout(
      () => {
        this.#armed = undefined;
        this.#begun = true;
        this.#emit({ type: 'begun', atUs: Math.max(startUs, this.#clock.nowUs()) });
        role.start(startUs, endUs);
      },
      leftUs / 1000 - START_LEAD_MS,
    );
  }

  #disarm(): void {
    clearTimeout(this.#armed);
    this.#armed = undefined;
    this.#emit({ type: 'disarmed', begun: this.#begun });
  }

  #leave(politely: boolean): void {
    this.#leaving = true;
    clearTimeout(this.#armed);
    const closed = (this.#role ?? this.#observer)?.close({ leave: politely });
    // A client that cannot say goodbye to a dead broker must not keep its thread.
    void Promise.resolve(closed)
      .catch(() => {})
      .then(() => this.#ended());
  }
}
