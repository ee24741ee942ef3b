import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { type ErrorCode, KsweepError } from './errors.ts';

/** A pure function that a pool thread can run; what goes in and comes out survives a structured clone. */
export interface PoolTask<I, O> {
  readonly module: string;
  readonly name: string;
  readonly run: (input: I) => O;
}

/**
 * Makes a function a task. The thread finds it again by its module and by the name that the task itself is exported
 * under: `export const mergeTask = poolTask(import.meta.url, 'mergeTask', mergeRepeat)`.
 */
export function poolTask<I, O>(module: string, name: string, run: (input: I) => O): PoolTask<I, O> {
  return { module, name, run };
}

export type TaskMessage = Pick<PoolTask<unknown, unknown>, 'module' | 'name'> & { readonly input: unknown };

/** How a task's outcome crosses the thread boundary. */
export type TaskReply =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly hint: string | undefined;
        readonly details: readonly string[];
      };
    };

let pool: Piscina<TaskMessage, TaskReply> | undefined;

/**
 * Runs a task in a worker thread; the pool starts with the first task.
 * A KsweepError thrown there is thrown here again with its code, hint and details; anything else is a defect.
 */
export async function runTask<I, O>({ module, name }: PoolTask<I, O>, input: I): Promise<Awaited<O>> {
  pool ??= new Piscina({
    filename: new URL('./pool-thread.js', import.meta.url).href,
    minThreads: 0,
    maxThreads: Math.max(1, availableParallelism()),
    // An idle thread takes no CPU from the measured window; starting one anew would delay each repeat.
    idleTimeout: 60_000,
  });
  const reply = await pool.run({ module, name, input });
  if (reply.ok) return reply.value as Awaited<O>;
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
