import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { loadEnvironment } from '../environment.ts';
import type { FromLoad } from '../protocol.ts';
import type { FromAgent, ToAgent } from './protocol.ts';

const EXIT_GRACE_MS = 3_000;
const STDERR_LINES = 20;
/** A payload file goes to the agent in pieces of this size. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Who is told of one generator of an agent. */
export interface GeneratorListener {
  onMessage(message: FromLoad): void;
  /** Also where it had been told to end. `agentGone`: its whole agent is. */
  onEnded(how: string, agentGone: boolean): void;
}

/** The coordinator's end of an agent on this host. */
export class Agent {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #stderr: string[] = [];
  readonly #listeners = new Map<string, GeneratorListener>();
  readonly #blobs = new Set<string>();
  #gone = false;

  constructor() {
    this.#child = fork(new URL('./main.js', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: loadEnvironment(process.env),
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr.push(...text.split('\n').filter((line) => line !== ''));
      this.#stderr.splice(0, Math.max(0, this.#stderr.length - STDERR_LINES));
    });
    this.#child.on('message', (message: FromAgent) => {
      const listener = this.#listeners.get(message.name);
      if (message.type === 'from') listener?.onMessage(message.message);
      else {
        this.#listeners.delete(message.name);
        listener?.onEnded(message.how, false);
      }
    });
    this.#exited = new Promise((resolve) => {
      const over = (how: string): void => {
        this.#gone = true;
        const said = this.#stderr.length > 0 ? `: ${this.#stderr.join(' | ')}` : '';
        for (const { onEnded } of this.#listeners.values()) onEnded(`${how}${said}`, true);
        this.#listeners.clear();
        resolve();
      };
      this.#child.once('error', (error) => over(`could not be started: ${error.message}`));
      this.#child.once('exit', (status, signal) =>
        over(signal === null ? `exited with status ${status}` : `was killed by ${signal}`),
      );
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get gone(): boolean {
    return this.#gone;
  }

  listen(name: string, listener: GeneratorListener): void {
    this.#listeners.set(name, listener);
  }

  send(message: ToAgent): void {
    // An agent that is gone has been reported by its exit already.
    if (this.#child.connected) this.#child.send(message, () => {});
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
    this.#child.kill('SIGKILL');
  }

  /** Lets it end, by force where it does not go within a grace period. Its generators have been told to end before. */
  async exit(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(() => this.kill(), EXIT_GRACE_MS);
    await this.#exited;
    clearTimeout(force);
  }
}
