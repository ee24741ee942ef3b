import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClusterOwnership } from './local-cluster.ts';

export type WatcherMessage =
  | { readonly kind: 'release' }
  | { readonly kind: 'down'; readonly index: number; readonly signal: 'SIGSTOP' | 'SIGKILL' }
  | { readonly kind: 'back'; readonly index: number };

interface Watcher {
  send(message: WatcherMessage): void;
}

/** A process that acts when this one is gone, however it ended; see watcher.ts. */
function spawnWatcher(duty: 'end' | 'bring-back', stateFile: string): Watcher {
  const entry = fileURLToPath(new URL('./watcher.js', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [entry, duty, stateFile], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const input = child.stdin;
  // A broken pipe would only mean that the watcher is gone; its owner then tidies up alone.
  input?.on('error', () => undefined);
  child.on('error', () => undefined);
  child.unref();
  if (input !== null && 'unref' in input && typeof input.unref === 'function') input.unref();
  return {
    send: (message) => {
      input?.write(`${JSON.stringify(message)}\n`);
      if (message.kind === 'release') input?.end();
    },
  };
}

/** Ends the cluster's nodes and removes or keeps their data when this process is gone without having done so. */
export function startWatcher(stateFile: string): { release(): void } {
  const watcher = spawnWatcher('end', stateFile);
  return { release: () => watcher.send({ kind: 'release' }) };
}

/** Brings paused and killed brokers of a cluster back that was there before this process and stays after it. */
export function bringsBack(stateFile: string): ClusterOwnership {
  let watcher: Watcher | undefined;
  return {
    onDown: (index, signal) => {
      watcher ??= spawnWatcher('bring-back', stateFile);
      watcher.send({ kind: 'down', index, signal });
    },
    onBack: (index) => watcher?.send({ kind: 'back', index }),
  };
}
