import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { KsweepError } from '../../bench/common/errors.ts';

const nodeSchema = z.strictObject({
  role: z.enum(['broker', 'zookeeper']),
  id: z.int(),
  pid: z.int(),
  started: z.string(),
  address: z.string(),
  logFile: z.string(),
  logDir: z.string(),
  /** Where its metrics are served. */
  metricsAddress: z.string().nullable().default(null),
  /** The whole command line, to start the node again. */
  command: z.array(z.string()).min(1),
});

const stateSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  kafkaVersion: z.string(),
  mode: z.enum(['kraft', 'zookeeper']),
  folder: z.string(),
  keep: z.boolean(),
  jars: z.string(),
  /** Whether clients are answered without TLS or SASL. */
  plainText: z.boolean().default(true),
  nodes: z.array(nodeSchema),
});

/** A node of a local cluster, as it was last started. */
export type NodeState = z.infer<typeof nodeSchema>;
/** All that is needed to look at, signal, restart and stop a cluster that another process started. */
export type ClusterState = z.infer<typeof stateSchema>;

/** Written under another name and renamed, so that a reader never sees half a file. */
export function writeState(file: string, state: ClusterState): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Undefined where there is no such file. Throws KsweepError `cluster-failed` for one that is not a state file. */
export function readState(file: string): ClusterState | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new KsweepError('cluster-failed', `${file} is not the state of a local cluster`, {
      hint: 'stop its brokers by hand and delete the file',
      cause,
    });
  }
}

export function stateFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
