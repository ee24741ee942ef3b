import { z } from 'zod';
import { parseDurationMs } from '../../bench/common/units.ts';

/** The file that says which hosts a cluster has (infra/clusters/*.yaml). */

const durationMs = z
  .string()
  .transform((text, context) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    context.addIssue({ code: 'custom', message: 'expected a duration such as 90m or 12h' });
    return z.NEVER;
  })
  .meta({ description: 'A duration such as 90m, 12h or 2d.' });

const zoneName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'expected a zone such as us-east-1a');
const instanceType = z
  .string()
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'expected an instance type such as m7g.large');
const hostPart = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/, 'expected lower-case letters, digits and "-"');

const volumeSchema = z.strictObject({
  sizeGiB: z.int().min(1).max(16_384),
  iops: z.int().min(3_000).default(3_000),
  throughputMiBps: z.int().min(125).default(125),
});

const roleSchema = z.strictObject({
  /** Hosts are named `<hosts>01.<domain>` and so on. */
  hosts: hostPart.meta({ description: 'Hosts are named <hosts>01.<domain>, <hosts>02.<domain> …' }),
  count: z.int().min(1).max(50),
  instanceType,
  fallbackTypes: z
    .array(instanceType)
    .default([])
    .meta({ description: 'Tried in this order where a zone has no capacity; the whole role changes type.' }),
  market: z.enum(['on-demand', 'spot']).default('on-demand'),
  placement: z
    .enum(['spread', 'cluster'])
    .default('spread')
    .meta({ description: 'spread: over the zones in turn; cluster: one placement group in the first zone.' }),
  cpuCredits: z
    .enum(['standard', 'unlimited'])
    .optional()
    .meta({ description: 'Burstable types only; AWS defaults to standard on t2 and unlimited on t3.' }),
  rootVolumeGiB: z.int().min(8).default(20),
  dataVolume: volumeSchema.optional().meta({ description: 'A gp3 volume of its own for the data.' }),
});

export const clusterSpecSchema = z.strictObject({
  name: hostPart,
  description: z.string().optional(),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as us-east-1'),
  zones: z.array(zoneName).min(1),
  subnets: z
    .record(zoneName, z.string().regex(/^subnet-[0-9a-f]+$/))
    .default({})
    .meta({ description: 'A subnet for each zone; without one, the default subnet of the default VPC.' }),
  image: z
    .strictObject({
      os: z.enum(['al2023', 'ubuntu-24.04']).default('al2023'),
      id: z
        .string()
        .regex(/^ami-[0-9a-f]+$/)
        .optional()
        .meta({ description: 'Pins an image; without it the newest one is resolved once, and kept.' }),
    })
    .prefault({}),
  ssh: z
    .strictObject({
      publicKey: z.string().default('~/.ssh/id_ed25519.pub'),
      privateKey: z
        .string()
        .optional()
        .meta({ description: 'Read by ssh alone; default: the public key’s name without .pub.' }),
    })
    .prefault({}),
  operatorCidr: z
    .cidrv4()
    .meta({ description: 'Who may reach ssh (and, with externalListener, Kafka): 203.0.113.7/32.' }),
  operatorCidrWide: z
    .boolean()
    .default(false)
    .meta({ description: 'A range wider than /16 is meant, and its opening accepted.' }),
  domain: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'expected a domain such as foo.bar'),
  ttl: durationMs,
  budget: z
    .strictObject({ perHour: z.number().positive().optional(), perDay: z.number().positive().optional() })
    .refine((budget) => budget.perHour !== undefined || budget.perDay !== undefined, {
      message: 'expected perHour or perDay',
    }),
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
  kafka: z
    .strictObject({
      mode: z.enum(['kraft', 'zookeeper']).default('kraft'),
      version: z
        .string()
        .regex(/^\d+\.\d+\.\d+$/)
        .optional(),
      externalListener: z.boolean().default(false),
      vars: z
        .record(z.string(), z.unknown())
        .default({})
        .meta({ description: 'More variables of the playbooks: docs/ansible.md.' }),
    })
    .prefault({}),
  roles: z.strictObject({
    broker: roleSchema,
    controller: roleSchema.optional(),
    zookeeper: roleSchema.optional(),
    load: roleSchema.optional(),
    ansible: roleSchema.optional(),
  }),
});

export type ClusterSpec = z.output<typeof clusterSpecSchema>;
export type RoleSpec = z.output<typeof roleSchema>;
export type RoleName = keyof ClusterSpec['roles'];

/** In the order in which roles are launched: what the others need first. */
export const ROLES: readonly RoleName[] = ['zookeeper', 'controller', 'broker', 'load', 'ansible'];
