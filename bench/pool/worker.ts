import { KsweepError } from '../common/errors.ts';
import { runNamed, type TaskName, type TaskReply } from './tasks.ts';

/** Entry of a pool thread. A class does not survive the copy between threads, so errors travel as fields. */
export default async function work(task: { name: TaskName; input: unknown }): Promise<TaskReply> {
  try {
    return { ok: true, value: await runNamed(task.name, task.input) };
  } catch (error) {
    if (!(error instanceof KsweepError)) throw error;
    const { code, message, hint, details } = error;
    return { ok: false, error: { code, message, hint, details } };
  }
}
