import { Worker } from 'node:worker_threads';
import { runsInThreads } from '../../client/choose.ts';
import type { ToLoad } from '../protocol.ts';
import { Generator } from './generator.ts';
import type { FromAgent, ToAgent } from './protocol.ts';
import type { ToThread } from './thread.ts';

/** Entry of an agent: the one process of a host that generates load, with a worker thread a generator. */

/** A thread whose client does not close is ended from outside after this. */
const KILL_LIMIT_MS = 500;

/** What the agent does with a generator, wherever it lives. */
interface Hosted {
  receive(message: ToLoad): void;
  kill(): void;
  abandon(): Promise<void>;
}

const blobs = new Map<string, Uint8Array>();
const hosted = new Map<string, Hosted>();

function tell(message: FromAgent): void {
  // Where the coordinator is gone there is nobody to tell, and 'disconnect' below ends this process.
  if (process.connected) process.send?.(message);
}

function inThread(name: string): Hosted {
  const worker = new Worker(new URL('./thread.js', import.meta.url), { name, workerData: blobs });
  const post = (message: ToThread): void => worker.postMessage(message);
  let how = 'ended unasked';
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      hosted.delete(name);
      tell({ type: 'ended', name, how });
      resolve();
    });
  });
  worker.on('message', (message) => tell({ type: 'from', name, message }));
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

/** For a client that cannot live in worker threads: the generator is all that this agent has. */
function alone(name: string): Hosted {
  const generator = new Generator(
    (message) => tell({ type: 'from', name, message }),
    // Its addon wants memory that is not shared.
    new Map([...blobs].map(([id, bytes]) => [id, Uint8Array.from(bytes)])),
    () => {
      tell({ type: 'ended', name, how: 'ended unasked' });
      process.disconnect?.();
      process.exit(0);
    },
  );
  process.on('uncaughtException', (error) => {
    generator.fail(error);
    process.exit(1);
  });
  return {
    receive: (message) => generator.receive(message),
    kill: () => generator.kill(),
    abandon: () => generator.abandon(),
  };
}

process.on('message', (message: ToAgent) => {
  switch (message.type) {
    case 'blob': {
      let blob = blobs.get(message.id);
      if (blob === undefined) {
        blob = new Uint8Array(new SharedArrayBuffer(message.sizeBytes));
        blobs.set(message.id, blob);
      }
      blob.set(message.bytes, message.offset);
      break;
    }
    case 'begin':
      hosted.set(message.name, runsInThreads(message.driver) ? inThread(message.name) : alone(message.name));
      break;
    case 'to':
      hosted.get(message.name)?.receive(message.message);
      break;
    case 'kill':
      hosted.get(message.name)?.kill();
      break;
  }
});
// A coordinator that was killed leaves no orphans: the channel closes with it.
process.on('disconnect', () => {
  void Promise.all([...hosted.values()].map((one) => one.abandon())).finally(() => process.exit(0));
});
// Ctrl-C reaches the whole process group; the coordinator decides what to do about it.
process.on('SIGINT', () => {});
