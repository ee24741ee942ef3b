import { Worker } from 'node:worker_threads';
import { runsInThreads } from '../../client/choose.ts';
import { createClock } from '../../common/clock.ts';
import { hostFiles } from '../../host/files.ts';
import { HostWatch } from '../../host/watch.ts';
import type { ToLoad } from '../protocol.ts';
import type { Channel } from './channel.ts';
import type { Generator } from './generator.ts';
import { isPortOpen } from './port-open.ts';
import type { FromAgent, ToAgent } from './protocol.ts';
import type { ToThread } from './thread.ts';

/** A thread whose client does not close is ended from outside after this. */
const KILL_LIMIT_MS = 500;

/** What the agent does with a generator, wherever it lives. */
interface Hosted {
  receive(message: ToLoad): void;
  kill(): void;
  abandon(): Promise<void>;
}

/** The agent's end of its channel. */
export interface CoordinatorChannel extends Channel<FromAgent> {
  /** Closes it from this side. */
  close(): void;
}

/** An agent: the one process of a host that generates load, with a worker thread a generator, whatever carries its channel. */
export class AgentService {
  readonly #channel: CoordinatorChannel;
  readonly #clock = createClock();
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #hosted = new Map<string, Hosted>();
  #watch: HostWatch | null = null;

  constructor(channel: CoordinatorChannel) {
    this.#channel = channel;
  }

  receive(message: ToAgent): void {
    switch (message.type) {
      case 'blob': {
        let blob = this.#blobs.get(message.id);
        if (blob === undefined) {
          blob = new Uint8Array(new SharedArrayBuffer(message.sizeBytes));
          this.#blobs.set(message.id, blob);
        }
        blob.set(message.bytes, message.offset);
        break;
      }
      case 'begin': {
        const { name, driver } = message;
        this.#hosted.set(name, runsInThreads(driver) ? this.#inThread(name) : this.#alone(name));
        break;
      }
      case 'to':
        this.#hosted.get(message.name)?.receive(message.message);
        break;
      case 'kill':
        this.#hosted.get(message.name)?.kill();
        break;
      case 'ping': {
        const receivedUs = this.#clock.nowUs();
        const { askedUs } = message;
        this.#tell({ type: 'pong', askedUs, receivedUs, answeredUs: this.#clock.nowUs() }, true);
        break;
      }
      case 'reach':
        void Promise.all(message.addresses.map(isPortOpen)).then((open) =>
          this.#tell({ type: 'reached', open }),
        );
        break;
      case 'watch':
        this.#watchHost(message.on);
        break;
    }
  }

  /** The coordinator is gone: what was made for it is removed, and its clients end. */
  async abandon(): Promise<void> {
    this.#watch?.stop();
    await Promise.all([...this.#hosted.values()].map((one) => one.abandon()));
  }

  #tell(message: FromAgent, urgent = false): void {
    this.#channel.send(message, urgent);
  }

  #watchHost(on: boolean): void {
    this.#watch?.stop();
    this.#watch = on
      ? new HostWatch(
          hostFiles(),
          () => this.#clock.nowUs(),
          () => ['self'],
          (second, atUs) => this.#tell({ type: 'host', second, atUs }),
        )
      : null;
  }

  #inThread(name: string): Hosted {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { name, workerData: this.#blobs });
    const post = (message: ToThread): void => worker.postMessage(message);
    let how = 'ended unasked';
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        this.#hosted.delete(name);
        this.#tell({ type: 'ended', name, how });
        resolve();
      });
    });
    worker.on('message', (message) => this.#tell({ type: 'from', name, message }));
    worker.once('error', (error: Error) => {
      how = error.stack ?? error.message;
    });
    return {
      receive: post,
      kill() {
        post({ type: 'kill' });
        setTimeout(() => void worker.terminate(), KILL_LIMIT_MS).unref();
      },
      abandon() {
        post({ type: 'abandon' });
        return ended;
      },
    };
  }

  /** For a client that can't live in worker threads: the generator is all that this agent has. */
  #alone(name: string): Hosted {
    const begun = this.#generator(name);
    process.on('uncaughtException', (error) => {
      void begun.then((generator) => generator.fail(error)).finally(() => process.exit(1));
    });
    return {
      receive: (message) => void begun.then((generator) => generator.receive(message)),
      kill: () => void begun.then((generator) => generator.kill()),
      abandon: () => begun.then((generator) => generator.abandon()),
    };
  }

  /** Loaded when it is needed: an agent of threads starts in half the time without it. */
  async #generator(name: string): Promise<Generator> {
    const { Generator } = await import('./generator.ts');
    return new Generator(
      (message) => this.#tell({ type: 'from', name, message }),
      // Its addon wants memory that is not shared.
      new Map([...this.#blobs].map(([id, bytes]) => [id, Uint8Array.from(bytes)])),
      () => {
        this.#tell({ type: 'ended', name, how: 'ended unasked' });
        this.#channel.close();
      },
    );
  }
}
