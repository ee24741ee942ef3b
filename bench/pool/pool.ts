import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { KsweepError } from '../common/errors.ts';
import type { TaskInput, TaskName, TaskOutput, TaskReply } from './tasks.ts';

let pool: Piscina<{ name: TaskName; input: unknown }, TaskReply> | undefined;

/**
 * Runs one of the tasks of tasks.ts in a worker thread; the pool starts with the first task.
 * A KsweepError thrown there is thrown here again with its code, hint and details; anything else is a defect.
 */
export async function runTask<N extends TaskName>(name: N, input: TaskInput<N>): Promise<TaskOutput<N>> {
  pool ??= new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads: Math.max(1, availableParallelism()),
    // An idle thread takes no CPU from the measured window; starting one anew would delay each repeat.
    idleTimeout: 60_000,
  });
  const reply = await pool.run({ name, input });
  if (reply.ok) return reply.value as TaskOutput<N>;
  const { code, message, hint, details } = reply.error;
  throw new KsweepError(code, message, { details, ...(hint === undefined ? {} : { hint }) });
}

/** Waits for running tasks and ends the threads; a later task starts a new pool. */
export async function closePool(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.close();
}

/** Ends the threads and whatever they are doing. */
export async function destroyPool(): Promise<void> {
  const destroyed = pool;
  pool = undefined;
  await destroyed?.destroy();
}
