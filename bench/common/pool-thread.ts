import { KsweepError } from './errors.ts';
import type { PoolTask, TaskMessage, TaskReply } from './pool.ts';

/** Entry of a pool thread. A class does not survive the copy between threads, so errors travel as fields. */
export default async function work({ module, name, input }: TaskMessage): Promise<TaskReply> {
  const task = ((await import(module)) as Readonly<Record<string, PoolTask<unknown, unknown>>>)[name];
  if (task === undefined) throw new Error(`${module} exports no task named ${name}`);
  try {
    return { ok: true, value: await task.run(input) };
  } catch (error) {
    if (!(error instanceof KsweepError)) throw error;
    const { code, message, hint, details } = error;
    return { ok: false, error: { code, message, hint, details } };
  }
}
