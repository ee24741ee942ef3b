import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Address } from '../../client/reach/addresses.ts';
import type { Clock } from '../../common/clock.ts';
import type { HostSecond } from '../../host/second.ts';
import type { FromLoad } from '../protocol.ts';
import { type AgentChannel, type ChannelListener, commandChannel, forkChannel } from './channel.ts';
import type { Exchange } from './clock-offset.ts';
import type { Hello } from './hello.ts';
import { calledHost, type LoadHost } from './load-hosts.ts';
import { type FromAgent, HEARTBEAT_MS, SILENCE_MS, type ToAgent } from './protocol.ts';
import { Silence } from './silence.ts';

const EXIT_GRACE_MS = 3_000;
/** A payload file goes to the agent in pieces of this size. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** Exchanges that are kept: two hours of one a second. */
const MAX_EXCHANGES = 7_200;

/** Who is told of one generator of an agent. */
export interface GeneratorListener {
  onMessage(message: FromLoad): void;
  /** Also where it had been told to end. `agentGone`: its whole agent is. */
  onEnded(how: string, agentGone: boolean): void;
}

/** A promise and what settles it. */
function settled<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** The coordinator's end of an agent. */
export class Agent {
  /** Exchanges of times, the latest last; none with an agent on this host, which has the coordinator's own clock. */
  readonly exchanges: Exchange[] = [];
  /** What an agent on another host said of itself; rejects where it is gone before. */
  readonly hello: Promise<Hello>;
  /** How its host fared, told while it is watched. */
  onHostSecond: (second: HostSecond, atUs: number) => void = () => {};
  readonly #clock: Clock;
  readonly #channel: AgentChannel<ToAgent>;
  readonly #exited: Promise<void>;
  readonly #listeners = new Map<string, GeneratorListener>();
  readonly #blobs = new Set<string>();
  #heartbeat: NodeJS.Timeout | undefined;
  #silence: Silence | undefined;
  #pong: (() => void) | undefined;
  #reached: ((open: readonly boolean[]) => void) | undefined;
  #gone = false;

  /** @param host null: this one */
  constructor(host: LoadHost | null, clock: Clock) {
    this.#clock = clock;
    const hello = settled<Hello>();
    const exited = settled<void>();
    this.hello = hello.promise;
    // Of an agent on this host nobody waits for it.
    this.hello.catch(() => {});
    this.#exited = exited.promise;
    const over = (how: string): void => {
      if (this.#gone) return;
      this.#gone = true;
      clearInterval(this.#heartbeat);
      this.#silence?.stop();
      this.#pong?.();
      this.#reached?.([]);
      const where = host === null ? '' : `on load host ${calledHost(host)} `;
      for (const { onEnded } of this.#listeners.values()) onEnded(`${where}${how}`, true);
      this.#listeners.clear();
      hello.reject(new Error(how));
      exited.resolve();
    };
    const listener: ChannelListener<FromAgent> = {
      onMessage: (message) => this.#receive(message),
      onEnd: over,
      onHello: (told) => {
        this.#silence = new Silence(() => {
          over(`has not been heard of for ${SILENCE_MS / 1000} s`);
          this.kill();
        });
        hello.resolve(told);
      },
    };
    if (host?.command == null) {
      this.#channel = forkChannel(new URL('./main.js', import.meta.url), listener);
    } else {
      this.#channel = commandChannel(host.command, listener);
      this.#heartbeat = setInterval(() => this.#ping(), HEARTBEAT_MS);
    }
  }

  get pid(): number | undefined {
    return this.#channel.pid;
  }

  get gone(): boolean {
    return this.#gone;
  }

  listen(name: string, listener: GeneratorListener): void {
    this.#listeners.set(name, listener);
  }

  send(message: ToAgent): void {
    this.#channel.send(message);
  }

  /** Exchanges times, one after the other; fewer where the agent goes meanwhile. */
  async exchange(times: number): Promise<void> {
    for (let i = 0; i < times && !this.#gone; i++) {
      await new Promise<void>((resolve) => {
        this.#pong = resolve;
        this.#ping();
      });
    }
    this.#pong = undefined;
  }

  /** Which of these its host can connect to; none where the agent goes meanwhile. */
  async reach(addresses: readonly Address[]): Promise<readonly boolean[]> {
    if (this.#gone || addresses.length === 0) return [];
    return await new Promise((resolve) => {
      this.#reached = resolve;
      this.send({ type: 'reach', addresses });
    });
  }

  /** Sends a file's content, once. */
  give(id: string, file: string): void {
    if (this.#blobs.has(id)) return;
    this.#blobs.add(id);
    const descriptor = openSync(file, 'r');
    try {
      const sizeBytes = fstatSync(descriptor).size;
      for (let offset = 0; offset < sizeBytes; ) {
        const bytes = new Uint8Array(Math.min(PIECE_BYTES, sizeBytes - offset));
        const read = readSync(descriptor, bytes, 0, bytes.length, offset);
        if (read === 0) throw new Error(`${file} got shorter while it was read`);
        this.send({ type: 'blob', id, sizeBytes, offset, bytes: bytes.subarray(0, read) });
        offset += read;
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** Ends it at once, with all of its generators. */
  kill(): void {
    this.#channel.kill();
  }

  /** Lets it end, by force where it does not go within a grace period. Its generators have been told to end before. */
  async exit(): Promise<void> {
    this.#channel.close();
    const force = setTimeout(() => this.kill(), EXIT_GRACE_MS);
    await this.#exited;
    clearTimeout(force);
  }

  #receive(message: FromAgent): void {
    this.#silence?.heard();
    switch (message.type) {
      case 'from':
        this.#listeners.get(message.name)?.onMessage(message.message);
        break;
      case 'ended': {
        const listener = this.#listeners.get(message.name);
        this.#listeners.delete(message.name);
        listener?.onEnded(message.how, false);
        break;
      }
      case 'pong': {
        const { type: _type, ...times } = message;
        this.exchanges.push({ ...times, backUs: this.#clock.nowUs() });
        this.exchanges.splice(0, this.exchanges.length - MAX_EXCHANGES);
        this.#pong?.();
        break;
      }
      case 'reached':
        this.#reached?.(message.open);
        break;
      case 'host':
        this.onHostSecond(message.second, message.atUs);
        break;
    }
  }

  #ping(): void {
    this.#channel.send({ type: 'ping', askedUs: this.#clock.nowUs() }, true);
  }
}
