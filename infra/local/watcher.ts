import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { allEnded, type ProcessId, signalProcess } from './processes.ts';

/**
 * Entry of a small process that outlives its parent. It reads one JSON message a line; when its input closes
 * without `{"release":true}`, the parent was killed: it ends the cluster's nodes and removes their data.
 *
 * Usage: node watcher.js FOLDER
 */
type Message = { started: ProcessId } | { release: true };

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: watcher FOLDER');
const nodes: ProcessId[] = [];
let released = false;

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if ('started' in message) nodes.push(message.started);
  else released = true;
}
if (!released) {
  for (const node of nodes) signalProcess(node, 'SIGKILL');
  await allEnded(nodes, 10_000);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
