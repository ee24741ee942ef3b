import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { localCluster } from './local-cluster.ts';
import { readState } from './state.ts';
import type { WatcherMessage } from './watch.ts';

/**
 * Entry of a small process that outlives its parent. It reads one JSON message a line; when its input closes
 * without a release, the parent was killed, or quit at once, and did not tidy up.
 *
 * Usage: node watcher.js end|bring-back STATE_FILE
 */
const [duty, stateFile] = process.argv.slice(2);
if (stateFile === undefined) throw new Error('usage: watcher end|bring-back STATE_FILE');
const down = new Map<number, 'SIGSTOP' | 'SIGKILL'>();
let released = false;

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as WatcherMessage;
  if (message.kind === 'down') down.set(message.index, message.signal);
  else if (message.kind === 'back') down.delete(message.index);
  else released = true;
}
// Read only now: a node that was started again has another process.
const state = released ? undefined : readState(stateFile);
if (duty === 'end' && !released) {
  if (state !== undefined) await localCluster(stateFile, state).stop();
  // Killed before the first node was started.
  else rmSync(dirname(stateFile), { recursive: true, force: true, maxRetries: 5 });
}
if (duty === 'bring-back' && state !== undefined) {
  const cluster = localCluster(stateFile, state);
  const paused = [...down].filter(([, signal]) => signal === 'SIGSTOP');
  for (const [index] of paused) cluster.signalBroker(index, 'SIGCONT');
  const killed = [...down].filter(([, signal]) => signal === 'SIGKILL');
  await Promise.allSettled(killed.map(([index]) => cluster.restartBroker(index)));
}
