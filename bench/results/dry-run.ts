import { z } from 'zod';
import type { CellSettings } from './planned.ts';

const settings = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]),
) as z.ZodType<CellSettings>;

/** A host that is to generate load. */
const plannedLoadHostSchema = z.strictObject({
  host: z.string(),
  /** How its agent is started, as WHERE of `--load-hosts` begins: local, ssh, exec … */
  kind: z.string(),
  /** Its zone; null where it is not known. */
  rack: z.string().nullable(),
  /** One entry for all cells that place as many on each host. */
  generators: z.array(z.strictObject({ cells: z.array(z.string()), producers: z.int(), consumers: z.int() })),
});
export type PlannedLoadHost = z.infer<typeof plannedLoadHostSchema>;

/** What `ksweep run --dry-run --json` prints. */
export const dryRunSchema = z.strictObject({
  cells: z.array(z.strictObject({ id: z.string(), label: z.string(), settings })),
  /** Axes that `--set` gave one value. */
  notSwept: z.array(z.string()).optional(),
  excluded: z.array(z.strictObject({ settings, reason: z.string() })),
  /** Repeats in the order in which they run. */
  order: z.array(z.strictObject({ position: z.int(), block: z.int(), cellId: z.string(), seed: z.int() })),
  seed: z.int(),
  /** At least one: this host, where there are no others. */
  loadHosts: z.array(plannedLoadHostSchema),
  estimatedMs: z.number(),
  /** How long a repeat should be by an earlier run's figures. */
  repeatLength: z
    .strictObject({
      runId: z.string(),
      figures: z.array(
        z.strictObject({
          metric: z.string(),
          cell: z.string(),
          plannedSec: z.number(),
          neededSec: z.number(),
          precision: z.number(),
          givenPrecision: z.number(),
          memorySec: z.number(),
        }),
      ),
    })
    .optional(),
});
export type DryRun = z.infer<typeof dryRunSchema>;
