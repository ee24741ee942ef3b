import { basename } from 'node:path';
import { type ClientName, runsInThreads } from '../../client/choose.ts';
import { type Clock, createClock } from '../../common/clock.ts';
import { KsweepError } from '../../common/errors.ts';
import type { Assignment } from '../protocol.ts';
import { Agent } from './agent.ts';
import { checkHello, type Hello } from './hello.ts';
import { type GeneratorFailure, LoadGenerator, type MessageOfLoad } from './load-generator.ts';
import { calledHost, type LoadHost } from './load-hosts.ts';

/** What a file is called in assignments: its name holds a digest of all that decides its content. */
export const blobId = (file: string): string => basename(file);

/** Until a host's agent has said hello: ssh's own time limits are longer, and its words then are better. */
const HELLO_LIMIT_MS = 30_000;

/** Waits for a host's agent to say hello. Throws load-host-failed with the host's name and the next step. */
export async function greet(agent: Agent, host: LoadHost): Promise<Hello> {
  const limit = setTimeout(() => agent.kill(), HELLO_LIMIT_MS);
  try {
    return await agent.hello;
  } catch (error) {
    const how = error instanceof Error ? error.message : String(error);
    const prepare = host.shell === undefined ? '' : '`ksweep agents prepare` puts ksweep there; or ';
    throw new KsweepError('load-host-failed', `the agent on load host ${calledHost(host)} ${how}`, {
      hint: `${prepare}try it by hand: ${host.command?.join(' ') ?? ''}`,
    });
  } finally {
    clearTimeout(limit);
  }
}

/**
 * The agents of a run: on each host one whose threads are the generators, or one a generator for a client that needs it.
 * On other hosts the shared one is there in any case: it tells of the host and of its clock.
 */
export class Agents {
  /** None: everything is on this host. */
  readonly hosts: readonly LoadHost[];
  readonly #clock: Clock;
  readonly #files = new Map<string, string>();
  readonly #all = new Set<Agent>();
  readonly #shared = new Map<LoadHost | null, Agent>();
  readonly #hellos = new Map<string, Hello>();

  constructor(hosts: readonly LoadHost[] = [], clock: Clock = createClock()) {
    this.hosts = hosts;
    this.#clock = clock;
  }

  /** Starts what is not there, and checks it. Throws load-host-failed with the host's name and the next step. */
  async connect(client: ClientName): Promise<void> {
    await Promise.all(
      this.hosts.map(async (host) => {
        const hello = await greet(this.#sharedOf(host), host);
        checkHello(hello, host.name, client);
        this.#hellos.set(host.name, hello);
      }),
    );
  }

  /** What the hosts told of themselves, in their order. */
  get told(): readonly (Pick<Hello, 'cores' | 'platform'> & { readonly name: string })[] {
    return this.hosts.flatMap(({ name }) => {
      const hello = this.#hellos.get(name);
      return hello === undefined ? [] : [{ name, cores: hello.cores, platform: hello.platform }];
    });
  }

  /** The agent that tells of a host; undefined where it is not there, or no longer. */
  of(host: LoadHost): Agent | undefined {
    const agent = this.#shared.get(host);
    return agent?.gone === true ? undefined : agent;
  }

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
    const host = this.#hostOf(assignment);
    const agent = threads ? this.#sharedOf(host) : this.#start(host);
    if (assignment.role === 'producer') {
      for (const id of [assignment.corpusId, assignment.keysId, assignment.headersId]) {
        if (id !== null) agent.give(id, this.#fileOf(id));
      }
    }
    return new LoadGenerator(agent, threads, assignment, onMessage, onFailure);
  }

  #hostOf({ host, name }: Assignment): LoadHost | null {
    if (this.hosts.length === 0) return null;
    const found = this.hosts.find((one) => one.name === host);
    if (found === undefined) throw new Error(`${name} has no host to be on`);
    return found;
  }

  #sharedOf(host: LoadHost | null): Agent {
    const there = this.#shared.get(host);
    if (there !== undefined && !there.gone) return there;
    const agent = this.#start(host);
    this.#shared.set(host, agent);
    return agent;
  }

  #start(host: LoadHost | null): Agent {
    for (const one of this.#all) if (one.gone) this.#all.delete(one);
    const agent = new Agent(host, this.#clock);
    this.#all.add(agent);
    return agent;
  }

  #fileOf(id: string): string {
    const file = this.#files.get(id);
    if (file === undefined) throw new Error(`no file was provided for ${id}`);
    return file;
  }

  /** Of the agents on this host. */
  get pids(): number[] {
    if (this.hosts.length > 0) return [];
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
    this.#shared.clear();
    return all;
  }
}
