import { basename } from 'node:path';
import { runsInThreads } from '../../client/choose.ts';
import type { Assignment } from '../protocol.ts';
import { Agent } from './agent.ts';
import { type GeneratorFailure, LoadGenerator, type MessageOfLoad } from './load-generator.ts';

/** What a file is called in assignments: its name holds a digest of all that decides its content. */
export const blobId = (file: string): string => basename(file);

/** The agents of this host: one whose threads are the generators, or one a generator for a client that needs it. */
export class Agents {
  readonly #files = new Map<string, string>();
  readonly #all = new Set<Agent>();
  #shared: Agent | undefined;

  /** Lets producers send what is in this file; it is read when the first one needs it. */
  provide(file: string): void {
    this.#files.set(blobId(file), file);
  }

  /**
   * Begins a generator, which waits for `assign()`.
   * @param onMessage everything but answers and failures
   * @param onFailure once, when the generator reports a failure or ends unasked
   */
  begin(
    assignment: Assignment,
    onMessage: (message: MessageOfLoad) => void = () => {},
    onFailure: (failure: GeneratorFailure) => void = () => {},
  ): LoadGenerator {
    const threads = runsInThreads(assignment.driver);
    const agent = threads ? this.#threaded() : this.#start();
    if (assignment.role === 'producer') {
      for (const id of [assignment.corpusId, assignment.keysId, assignment.headersId]) {
        if (id !== null) agent.give(id, this.#fileOf(id));
      }
    }
    return new LoadGenerator(agent, threads, assignment, onMessage, onFailure);
  }

  #threaded(): Agent {
    if (this.#shared === undefined || this.#shared.gone) this.#shared = this.#start();
    return this.#shared;
  }

  #start(): Agent {
    for (const one of this.#all) if (one.gone) this.#all.delete(one);
    const agent = new Agent();
    this.#all.add(agent);
    return agent;
  }

  #fileOf(id: string): string {
    const file = this.#files.get(id);
    if (file === undefined) throw new Error(`no file was provided for ${id}`);
    return file;
  }

  get pids(): number[] {
    return [...this.#all].flatMap(({ pid, gone }) => (gone || pid === undefined ? [] : [pid]));
  }

  /** Ends every agent at once; the next generator gets a new one. */
  kill(): void {
    for (const agent of this.#takeAll()) agent.kill();
  }

  /** Lets every agent end; its generators have been told to before. */
  async exit(): Promise<void> {
    await Promise.all(this.#takeAll().map((agent) => agent.exit()));
  }

  #takeAll(): Agent[] {
    const all = [...this.#all];
    this.#all.clear();
    this.#shared = undefined;
    return all;
  }
}
