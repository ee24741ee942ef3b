import { KsweepError } from '../../common/errors.ts';
import type { RunFolder } from '../../results/folder.ts';
import type { RepeatIdentity } from '../judge/evaluate.ts';
import { failedResult } from '../judge/failed-result.ts';

/**
 * A repeat whose figures could not be kept ends as failed with the cause, as far as the disk has room to say so: the
 * record of a failure is a few kB, what it replaces may be a hundred times that. What cannot be told here is thrown
 * by the caller anyway.
 */
export async function recordFailure(
  folder: RunFolder,
  position: number,
  identity: RepeatIdentity,
  error: unknown,
): Promise<void> {
  const reason = {
    code: error instanceof KsweepError ? error.code : 'internal',
    message: error instanceof Error ? error.message : String(error),
  };
  const { attempt, finishedAt } = identity;
  await folder.writeRepeat(failedResult(identity, reason), {}).catch(() => {});
  await folder
    .appendPlan([{ type: 'outcome', position, attempt, outcome: 'failed', reasons: [reason], finishedAt }])
    .catch(() => {});
}
