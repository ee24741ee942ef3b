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
  readonly #alone = new Set<Agent>();
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
    const agent = threads ? this.#threaded() : new Agent();
    for (const one of this.#alone) if (one.gone) this.#alone.delete(one);
    if (!threads) this.#alone.add(agent);
    if (assignment.role === 'producer') {
      for (const id of [assignment.corpusId, assignment.keysId]) {
        if (id !== null) agent.give(id, this.#fileOf(id));
      }
    }
    return new LoadGenerator(agent, threads, assignment, onMessage, onFailure);
  }

  #threaded(): Agent {
    if (this.#shared === undefined || this.#shared.gone) this.#shared = new Agent();
    return this.#shared;
  }

  #fileOf(id: string): string {
    const file = this.#files.get(id);
    if (file === undefined) throw new Error(`no file was provided for ${id}`);
    return file;
  }

  get pids(): number[] {
    const all = this.#shared === undefined ? [...this.#alone] : [this.#shared, ...this.#alone];
    return all.flatMap(({ pid, gone }) => (gone || pid === undefined ? [] : [pid]));
  }

  /** Ends every agent at once; the next generator gets a new one. */
  kill(): void {
    for (const agent of [...this.#alone, ...(this.#shared === undefined ? [] : [this.#shared])]) agent.kill();
    this.#alone.clear();
    this.#shared = undefined;
  }

  /** Lets every agent end; its generators have been told to before. */
  async exit(): Promise<void> {
    const all = [...this.#alone, ...(this.#shared === undefined ? [] : [this.#shared])];
    this.#alone.clear();
    this.#shared = undefined;
    await Promise.all(all.map((agent) => agent.exit()));
  }
}
