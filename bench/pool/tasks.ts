import type { ErrorCode } from '../common/errors.ts';
import { measureCompressibility } from '../corpus/compressibility.ts';
import { generateKeys } from '../corpus/keys.ts';
import { generateSlice } from '../corpus/slice.ts';
import { readUserRecords } from '../corpus/user-records.ts';
import { readSeriesFiles } from '../jobs/nightly/history/compact.ts';
import { judgeNight } from '../jobs/nightly/judge.ts';
import { processHlogFile } from '../results/hlog.ts';
import { mergeRepeat } from '../run/judge/merge.ts';
import { curveBounds } from '../stats/curve-bounds.ts';
import { uslIntervals } from '../stats/usl.ts';
import { compareFamily } from '../stats/verdict.ts';

/** What a pool thread can do, by name: pure functions whose input and output survive a structured clone. */
const TASKS = {
  'corpus-slice': generateSlice,
  'corpus-file': readUserRecords,
  keys: generateKeys,
  compressibility: measureCompressibility,
  merge: mergeRepeat,
  hlog: processHlogFile,
  'stats-compare': compareFamily,
  'curve-bounds': curveBounds,
  'stats-usl': uslIntervals,
  'judge-night': judgeNight,
  'read-series': readSeriesFiles,
} as const;

export type TaskName = keyof typeof TASKS;
export type TaskInput<N extends TaskName> = Parameters<(typeof TASKS)[N]>[0];
export type TaskOutput<N extends TaskName> = Awaited<ReturnType<(typeof TASKS)[N]>>;

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

/** The caller's types tie name and input together; a message between threads can't carry types. */
export function runNamed(name: TaskName, input: unknown): unknown {
  const task = TASKS[name] as (input: unknown) => unknown;
  return task(input);
}
