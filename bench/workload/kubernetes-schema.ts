import { z } from 'zod';

/** `load.kubernetes`: the pods that generate the load, in Kubernetes' own names. */

/** No name of a key here may look like a secret's: what stands at one is blanked in manifests (bench/common/redact.ts). */
const quantity = z.union([
  z
    .string()
    .regex(
      /^\d+(\.\d+)?(m|[kKMGTPE]i?)?$/,
      'expected a quantity as Kubernetes writes it, such as 500m, 2 or 4Gi',
    ),
  z.number().positive(),
]);
const quantities = z.record(z.string().min(1), quantity);
const label = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
    'expected a name as Kubernetes has them: lower-case letters, digits, "-", "."',
  );
const seconds = z.int().min(1);

const tolerationSchema = z.strictObject({
  key: z.string().min(1).optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.int().min(0).optional(),
});

const WHOLE_CORES = { cpu: '2', memory: '2Gi' };

export const kubernetesSchema = z.strictObject({
  image: z
    .string()
    .regex(/^[^\s-]\S*$/, 'expected an image such as registry.example.com/ksweep:0.1.0')
    .meta({ description: 'Has this ksweep as its command `ksweep`; infra/kubernetes/Dockerfile makes it.' }),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  pods: z.int().min(1).max(1000).default(1).meta({
    description: 'Load hosts pod-0, pod-1, …: one a node, so that many nodes have to be there.',
  }),
  resources: z
    .strictObject({ requests: quantities.default(WHOLE_CORES), limits: quantities.default(WHOLE_CORES) })
    .prefault({})
    .meta({
      description:
        'Of one pod. Equal requests and limits in whole cores: with the static CPU manager the cores are the pod’s own.',
    }),
  nodeSelector: z.record(z.string(), z.string()).default({}),
  tolerations: z.array(tolerationSchema).default([]),
  serviceAccountName: label.optional().meta({
    description: 'Its image pull secrets are the pods’; none of its rights are: the pods get no token.',
  }),
  mounts: z
    .array(
      z.strictObject({
        name: label.meta({ description: 'A Secret of the namespace.' }),
        mountPath: z.string().regex(/^\/[^:]+$/, 'expected an absolute path'),
      }),
    )
    .default([])
    .meta({
      description:
        'Secrets mounted read-only, such as those with key store and CA: at the paths that the client settings name.',
    }),
  startDeadlineSeconds: seconds
    .default(300)
    .meta({ description: 'How long the pods may take until all of them run.' }),
  activeDeadlineSeconds: seconds.default(86_400).meta({
    description: 'The longest that a run may take: then Kubernetes ends the pods, whoever is left to do it.',
  }),
  ttlSecondsAfterFinished: z
    .int()
    .min(0)
    .default(300)
    .meta({ description: 'When Kubernetes removes a Job that nobody removed.' }),
});

/** The pods that generate the load. */
export type KubernetesPods = z.output<typeof kubernetesSchema>;
