import { parentPort, workerData } from 'node:worker_threads';
import type { ToLoad } from '../protocol.ts';
import { type Blobs, Generator } from './generator.ts';

/** Entry of a worker thread: one generator. */

export type ToThread = ToLoad | { readonly type: 'kill' } | { readonly type: 'abandon' };

const port = parentPort;
if (port === null) throw new Error('this is the entry of a worker thread');

const generator = new Generator(
  (message) => port.postMessage(message),
  workerData as Blobs,
  () => process.exit(0),
);
port.on('message', (message: ToThread) => {
  if (message.type === 'kill') generator.kill();
  else if (message.type === 'abandon') void generator.abandon().finally(() => process.exit(0));
  else generator.receive(message);
});
