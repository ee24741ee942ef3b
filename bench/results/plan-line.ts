import { z } from 'zod';
import { reasonSchema } from './result.ts';

/** A line of plan.ndjson: a planned repeat, or the outcome of one. */
export const planLineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('planned'),
    position: z.int(),
    block: z.int(),
    cellId: z.string(),
    seed: z.int(),
  }),
  z.strictObject({
    type: z.literal('outcome'),
    position: z.int(),
    attempt: z.int(),
    outcome: z.enum(['valid', 'invalid', 'failed', 'interrupted']),
    reasons: z.array(reasonSchema),
    finishedAt: z.string(),
  }),
  /** Successive halving: who goes on from this block, and who does not. */
  z.strictObject({
    type: z.literal('round'),
    block: z.int(),
    kept: z.array(z.string()),
    dropped: z.array(z.string()),
  }),
]);
export type PlanLine = z.infer<typeof planLineSchema>;
