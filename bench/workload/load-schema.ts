import { z } from 'zod';
import { kubernetesSchema } from './kubernetes-schema.ts';
import { durationMs, rate } from './quantities.ts';

/** `load`: the offered rate, when it is measured, and which hosts it comes from. */

const searchSchema = z.strictObject({
  min: rate.optional(),
  max: rate.optional(),
  start: rate.optional().meta({
    description: 'First rate to probe; default: 70 % of what the first probe, at maximum rate, achieves.',
  }),
  maxProbes: z
    .int()
    .min(3, 'a search needs 3 probes at least: where to begin, and both ends of the answer')
    .default(12)
    .meta({ description: 'No more probes than this, including the one at maximum rate and confirmations.' }),
  maxTime: durationMs.optional().meta({
    description:
      'No probe begins that would end later than this, in all processes of a resumed search together; default: 2 × maxProbes × (warm-up + window).',
  }),
  precision: z
    .number()
    .positive()
    .max(0.5)
    .default(0.05)
    .meta({ description: 'Stop when high/low − 1 is below this.' }),
  latency: z.string().optional().meta({
    description:
      'A limit such as "due-to-ack p99 < 50ms". Where a rate is too low for the percentile, windows are longer than load.duration.',
  }),
});

/** Loads that change by a law within load.duration. */
const shapeSchemas = [
  z.strictObject({
    ramp: z
      .strictObject({ from: rate, to: rate })
      .meta({ description: 'In a straight line over load.duration; the warm-up runs at `from`.' }),
  }),
  z.strictObject({
    sine: z
      .strictObject({ mean: rate, amplitude: z.number().min(0).max(1).default(0.5), period: durationMs })
      .meta({ description: 'mean × (1 + amplitude × sin); the warm-up runs at `mean`.' }),
  }),
  z.strictObject({
    bursts: z
      .strictObject({
        size: z.int().min(1).meta({ description: 'Records of a burst, all due at once.' }),
        every: durationMs,
        jitter: z.number().min(0).max(1).default(0).meta({
          description: 'Share of the spacing by which a burst may come later, drawn from the seed.',
        }),
        base: rate.optional().meta({ description: 'What is sent beside the bursts; default: nothing.' }),
      })
      .meta({ description: 'From the start of the load on, the warm-up included.' }),
  }),
  z.strictObject({
    replay: z
      .strictObject({
        path: z.string().min(1).meta({ description: 'A sample, relative to the workload file.' }),
        speed: z.number().positive().default(1),
      })
      .meta({
        description:
          'The arrival pattern of a sample that `ksweep sample` took, over and over, `speed` times as fast.',
      }),
  }),
] as const;

export const loadSchema = z.strictObject({
  rate: z
    .union([
      z.literal('max'),
      rate,
      z.strictObject({ steps: z.array(z.strictObject({ rate, for: durationMs })).min(1) }),
      z.strictObject({ search: searchSchema }),
      ...shapeSchemas,
    ])
    .default('max'),
  producers: z.int().min(0).default(1).meta({ description: 'Producer processes; 0 for a consume-only run.' }),
  arrivals: z.enum(['constant', 'poisson']).default('constant'),
  warmup: durationMs.default(5_000),
  duration: durationMs.default(20_000),
  timing: z.enum(['each', 'counts']).default('each').meta({
    description: '`each` times every delivery report; `counts` only counts (highest rate, no latency).',
  }),
  hosts: z.string().min(1).optional().meta({
    description:
      'Hosts that generate the load: local (default), ssh:HOST1,HOST2, ssh:@INVENTORY.yml (relative to the workload file), exec:HOST1,HOST2:COMMAND with {host}, or kubernetes[:NAMESPACE]; `--load-hosts` overrules it.',
  }),
  kubernetes: kubernetesSchema
    .optional()
    .meta({ description: 'The pods where load hosts are `kubernetes`; of no effect otherwise.' }),
  placement: z
    .union([
      z.enum(['spread', 'apart']),
      z.strictObject({
        pinned: z.strictObject({
          producers: z.array(z.string()).min(1),
          consumers: z.array(z.string()).min(1),
        }),
      }),
    ])
    .default('spread')
    .meta({
      description:
        'Which load hosts generators are on. spread: evenly on all. apart: some for producing, the others for consuming. pinned: the hosts of each by name.',
    }),
  clockError: durationMs.optional().meta({
    description:
      'How well clocks of different load hosts have to be known: an end-to-end latency that may be off by more is marked.',
  }),
  drainLimit: durationMs.default(30_000).meta({ description: 'How long to wait for the last records.' }),
});

export type RateSearch = z.output<typeof searchSchema>;
/** A load that changes by a law, as a workload names it. */
export type ShapeSpec = z.output<(typeof shapeSchemas)[number]>;
