import { z } from 'zod';

/**
 * The parts of GitHub's workflow syntax that our files use, each with every key it may have: a misspelt, misplaced or
 * mistyped one is refused, as actionlint would.
 */

const text = z.string().min(1);
const cron = z.string().regex(/^(\S+ ){4}\S+$/, 'expected five fields');

const step = z
  .strictObject({
    name: text.optional(),
    id: z
      .string()
      .regex(/^[A-Za-z_][\w-]*$/)
      .optional(),
    if: text.optional(),
    uses: z
      .string()
      .regex(/^[\w.-]+\/[\w./-]+@[\w./-]+$/, 'expected owner/name@ref')
      .optional(),
    with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    run: text.optional(),
    env: z.record(z.string(), z.string()).optional(),
    'continue-on-error': z.boolean().optional(),
    'working-directory': text.optional(),
  })
  .refine((one) => (one.uses === undefined) !== (one.run === undefined), 'a step uses or runs, one of them')
  .refine((one) => one.with === undefined || one.uses !== undefined, '`with` goes with `uses`');

const level = z.enum(['read', 'write', 'none']);
export const workflowSchema = z.strictObject({
  name: text,
  on: z.strictObject({
    schedule: z.array(z.strictObject({ cron })).min(1),
    workflow_dispatch: z.strictObject({}),
  }),
  permissions: z.strictObject({ contents: level, issues: level.optional() }),
  concurrency: z.strictObject({ group: text, 'cancel-in-progress': z.boolean() }),
  jobs: z.record(
    z.string().regex(/^[A-Za-z_][\w-]*$/),
    z.strictObject({
      'runs-on': z.union([text, z.array(text).min(1)]),
      'timeout-minutes': z
        .int()
        .min(1)
        .max(35 * 24 * 60),
      steps: z.array(step).min(1),
    }),
  ),
});
