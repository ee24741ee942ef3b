import { z } from 'zod';

/**
 * The parts of GitHub's workflow syntax and of Kubernetes' batch/v1 and v1 that our files use, each with every key it
 * may have: a misspelt, misplaced or mistyped one is refused, as actionlint and kubeconform would.
 */

const text = z.string().min(1);
const cron = z.string().regex(/^(\S+ ){4}\S+$/, 'expected five fields');
const quantity = z.string().regex(/^\d+(\.\d+)?(m|[KMGT]i?)?$/, 'expected a quantity such as 500m or 4Gi');

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

const dnsName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'expected a DNS label');
const metadata = z.strictObject({
  name: dnsName,
  namespace: dnsName.optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
const resources = z.strictObject({ cpu: quantity, memory: quantity });

const claimSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('PersistentVolumeClaim'),
  metadata,
  spec: z.strictObject({
    accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'])).min(1),
    resources: z.strictObject({ requests: z.strictObject({ storage: quantity }) }),
    storageClassName: text.optional(),
  }),
});

const failureRule = z.strictObject({
  action: z.enum(['FailJob', 'Ignore', 'Count', 'FailIndex']),
  onExitCodes: z
    .strictObject({
      containerName: dnsName.optional(),
      operator: z.enum(['In', 'NotIn']),
      values: z.array(z.int().min(1).max(255)).min(1),
    })
    .optional(),
  onPodConditions: z
    .array(z.strictObject({ type: text, status: text.optional() }))
    .min(1)
    .optional(),
});

const container = z.strictObject({
  name: dnsName,
  image: z.string().regex(/^[\w./-]+:[\w.-]+$/, 'expected an image with a tag'),
  args: z.array(text),
  resources: z.strictObject({ requests: resources, limits: resources }),
  volumeMounts: z.array(z.strictObject({ name: dnsName, mountPath: z.string().startsWith('/') })),
});

const cronJobSchema = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  metadata,
  spec: z.strictObject({
    schedule: cron,
    timeZone: text,
    concurrencyPolicy: z.enum(['Allow', 'Forbid', 'Replace']),
    startingDeadlineSeconds: z.int().min(10),
    successfulJobsHistoryLimit: z.int().min(0),
    failedJobsHistoryLimit: z.int().min(0),
    jobTemplate: z.strictObject({
      spec: z.strictObject({
        activeDeadlineSeconds: z.int().min(1),
        backoffLimit: z.int().min(0),
        podFailurePolicy: z.strictObject({ rules: z.array(failureRule).min(1).max(20) }),
        template: z.strictObject({
          spec: z.strictObject({
            // A failure policy is allowed with this one only.
            restartPolicy: z.literal('Never'),
            terminationGracePeriodSeconds: z.int().min(0),
            nodeSelector: z.record(z.string(), z.string()),
            securityContext: z.strictObject({
              runAsNonRoot: z.boolean(),
              runAsUser: z.int(),
              fsGroup: z.int(),
            }),
            containers: z.array(container).min(1),
            volumes: z.array(
              z.strictObject({
                name: dnsName,
                persistentVolumeClaim: z.strictObject({ claimName: dnsName }),
              }),
            ),
          }),
        }),
      }),
    }),
  }),
});

export const manifestsSchema = z
  .array(z.discriminatedUnion('kind', [claimSchema, cronJobSchema]))
  .superRefine((all, context) => {
    const claims = all.flatMap((one) => (one.kind === 'PersistentVolumeClaim' ? [one.metadata.name] : []));
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    for (const one of all) {
      if (one.kind !== 'CronJob') continue;
      const { volumes, containers } = one.spec.jobTemplate.spec.template.spec;
      const names = volumes.map(({ name }) => name);
      for (const {
        persistentVolumeClaim: { claimName },
      } of volumes) {
        if (!claims.includes(claimName)) refuse(`no claim ${claimName}`);
      }
      for (const { name } of containers.flatMap(({ volumeMounts }) => volumeMounts)) {
        if (!names.includes(name)) refuse(`no volume ${name}`);
      }
      const rules = one.spec.jobTemplate.spec.podFailurePolicy.rules;
      for (const { onExitCodes } of rules) {
        const of = onExitCodes?.containerName;
        if (of !== undefined && !containers.some(({ name }) => name === of)) refuse(`no container ${of}`);
      }
    }
  });
