import { ClientError } from '../../client/driver.ts';
import { KsweepError } from '../../common/errors.ts';
import type { ObserverAnswers, ObserverRequest } from '../observer-requests.ts';
import type { Assignment, FromLoad, ToLoad } from '../protocol.ts';
import type { Agent } from './agent.ts';

/** How a generator came to its end, where it was not asked to. */
export interface GeneratorFailure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** What is not kept by a LoadGenerator itself. */
export type MessageOfLoad = Exclude<FromLoad, { readonly type: 'answer' | 'refused' | 'failed' }>;

const EXIT_GRACE_MS = 3_000;
const KILL_GRACE_MS = 2_000;

/** The coordinator's end of one generator. */
export class LoadGenerator {
  readonly name: string;
  readonly assignment: Assignment;
  readonly #agent: Agent;
  readonly #inThread: boolean;
  readonly #ended: Promise<void>;
  readonly #asked = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #nextAsk = 0;
  #expectedToEnd = false;
  #over = false;
  #failure: GeneratorFailure | undefined;

  /** @param inThread false where it is the only generator of its agent, and ends with it */
  constructor(
    agent: Agent,
    inThread: boolean,
    assignment: Assignment,
    onMessage: (message: MessageOfLoad) => void,
    onFailure: (failure: GeneratorFailure) => void,
  ) {
    this.name = assignment.name;
    this.assignment = assignment;
    this.#agent = agent;
    this.#inThread = inThread;
    const fail = (code: string, message: string): void => {
      // What breaks while it is being ended is its end.
      if (this.#failure !== undefined || this.#expectedToEnd) return;
      this.#failure = { name: this.name, code, message };
      for (const { reject } of this.#asked.values()) reject(this.failureError(this.#failure));
      this.#asked.clear();
      onFailure(this.#failure);
    };
    this.#ended = new Promise((resolve) => {
      agent.listen(this.name, {
        onMessage: (message) => {
          if (message.type === 'failed') fail(message.code, message.message);
          else if (message.type === 'answer') this.#settle(message.id)?.resolve(message.answer as never);
          else if (message.type === 'refused') {
            this.#settle(message.id)?.reject(new ClientError(message.code, message.message));
          } else onMessage(message);
        },
        onEnded: (how, agentGone) => {
          this.#over = true;
          fail('died', agentGone && inThread ? `ended: its agent ${how}` : how);
          resolve();
        },
      });
    });
    agent.send({ type: 'begin', name: this.name, driver: assignment.driver });
  }

  #settle(id: number): { resolve: (answer: never) => void; reject: (error: Error) => void } | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  get failure(): GeneratorFailure | undefined {
    return this.#failure;
  }

  failureError(failure: GeneratorFailure): KsweepError {
    return new KsweepError('load-process-died', `${failure.name} ${failure.message} (${failure.code})`);
  }

  /** Lets it begin with its assignment; its thread was started earlier, while the topic was being made. */
  assign(): void {
    this.send({ type: 'assign', assignment: this.assignment });
  }

  send(message: ToLoad): void {
    if (!this.#over) this.#agent.send({ type: 'to', name: this.name, message });
  }

  /** A request to the observer. Rejects with ClientError, or with load-process-died. */
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

  /** Ends it as a kill of its process would: brokers see connections that close, and nobody leaves a group. */
  kill(): void {
    this.#expectedToEnd = true;
    if (this.#over) return;
    if (this.#inThread) this.#agent.send({ type: 'kill', name: this.name });
    else this.#agent.kill();
  }

  /** Closes the client and ends the generator, by force where it does not go within a grace period. */
  async exit(): Promise<void> {
    this.#expectedToEnd = true;
    this.send({ type: 'exit' });
    const force = setTimeout(() => this.kill(), EXIT_GRACE_MS);
    // A thread that cannot be ended, stuck in a call, ends with its agent.
    const forceAll = setTimeout(() => this.#agent.kill(), EXIT_GRACE_MS + KILL_GRACE_MS);
    await this.#ended;
    clearTimeout(force);
    clearTimeout(forceAll);
  }
}
