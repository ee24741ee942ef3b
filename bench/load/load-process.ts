import { type ChildProcess, fork } from 'node:child_process';
import { KsweepError } from '../common/errors.ts';
import { loadEnvironment } from './environment.ts';
import type { Assignment, FromLoad, ObserverAnswers, ObserverRequest, ToLoad } from './protocol.ts';

/** How a load process came to its end, where it was not asked to. */
export interface ProcessFailure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

const EXIT_GRACE_MS = 3_000;
const STDERR_LINES = 20;

/** The coordinator's end of one forked load process. */
export class LoadProcess {
  readonly name: string;
  readonly assignment: Assignment;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #stderr: string[] = [];
  readonly #asked = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #nextAsk = 0;
  #expectedToExit = false;
  #failure: ProcessFailure | undefined;

  /**
   * @param onMessage everything but answers and failures
   * @param onFailure once, when the process reports a failure or dies unasked
   */
  constructor(
    assignment: Assignment,
    onMessage: (message: FromLoad) => void,
    onFailure: (failure: ProcessFailure) => void,
  ) {
    this.name = assignment.name;
    this.assignment = assignment;
    this.#child = fork(new URL('./worker.js', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: loadEnvironment(process.env),
    });
    const fail = (code: string, message: string): void => {
      if (this.#failure !== undefined) return;
      this.#failure = { name: this.name, code, message };
      for (const { reject } of this.#asked.values()) reject(this.failureError(this.#failure));
      this.#asked.clear();
      onFailure(this.#failure);
    };
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr.push(...text.split('\n').filter((line) => line !== ''));
      this.#stderr.splice(0, Math.max(0, this.#stderr.length - STDERR_LINES));
    });
    this.#child.on('message', (message: FromLoad) => {
      if (message.type === 'failed') fail(message.code, message.message);
      else if (message.type === 'answer') this.#settle(message.id)?.resolve(message.answer as never);
      else if (message.type === 'refused') {
        this.#settle(message.id)?.reject(new RefusedError(message.code, message.message));
      } else onMessage(message);
    });
    this.#child.on('error', (error) => fail('spawn', error.message));
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (status, signal) => {
        const how = signal === null ? `exited with status ${status}` : `was killed by ${signal}`;
        if (!this.#expectedToExit)
          fail('died', `${how}${this.#stderr.length > 0 ? `: ${this.#stderr.join(' | ')}` : ''}`);
        resolve();
      });
    });
  }

  #settle(id: number): { resolve: (answer: never) => void; reject: (error: Error) => void } | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get failure(): ProcessFailure | undefined {
    return this.#failure;
  }

  failureError(failure: ProcessFailure): KsweepError {
    return new KsweepError('load-process-died', `${failure.name} ${failure.message} (${failure.code})`);
  }

  /** Lets the process begin with its assignment; it was forked earlier, while the topic was being made. */
  assign(): void {
    this.send({ type: 'assign', assignment: this.assignment });
  }

  send(message: ToLoad): void {
    // A process that is gone has been reported by its exit already.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** A request to the observer. Rejects with RefusedError, or with load-process-died. */
  ask<K extends ObserverRequest['kind']>(
    request: ObserverRequest & { kind: K },
  ): Promise<ObserverAnswers[K]> {
    if (this.#failure !== undefined) return Promise.reject(this.failureError(this.#failure));
    const id = this.#nextAsk++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve: resolve as (answer: never) => void, reject });
      this.send({ type: 'ask', id, request });
    });
  }

  kill(signal: 'SIGKILL' | 'SIGTERM'): void {
    this.#expectedToExit = true;
    this.#child.kill(signal);
  }

  /** Closes the client and ends the process, by force where it does not go within a grace period. */
  async exit(): Promise<void> {
    this.#expectedToExit = true;
    this.send({ type: 'exit' });
    const force = setTimeout(() => this.#child.kill('SIGKILL'), EXIT_GRACE_MS);
    await this.#exited;
    clearTimeout(force);
  }
}

/** What the client answered to a request of the admin side, with librdkafka's name for the error. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
