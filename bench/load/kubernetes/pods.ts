import { z } from 'zod';
import { CONTAINER } from './job.ts';

/** What `kubectl get pods -o json` tells, as far as it is read here. */
const podsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        name: z.string(),
        labels: z.record(z.string(), z.string()).optional(),
        annotations: z.record(z.string(), z.string()).optional(),
        deletionTimestamp: z.string().optional(),
      }),
      spec: z.looseObject({ nodeName: z.string().optional() }).optional(),
      status: z
        .looseObject({
          phase: z.string().optional(),
          reason: z.string().optional(),
          message: z.string().optional(),
          conditions: z
            .array(
              z.looseObject({
                type: z.string(),
                status: z.string(),
                reason: z.string().optional(),
                message: z.string().optional(),
              }),
            )
            .optional(),
          containerStatuses: z
            .array(
              z.looseObject({
                name: z.string(),
                state: z
                  .looseObject({
                    running: z.looseObject({}).optional(),
                    waiting: z
                      .looseObject({ reason: z.string().optional(), message: z.string().optional() })
                      .optional(),
                    terminated: z
                      .looseObject({
                        exitCode: z.number(),
                        reason: z.string().optional(),
                        message: z.string().optional(),
                      })
                      .optional(),
                  })
                  .optional(),
              }),
            )
            .optional(),
        })
        .optional(),
    }),
  ),
});
type RawPod = z.infer<typeof podsSchema>['items'][number];

/** A pod of the run's Job. */
export interface Pod {
  readonly name: string;
  /** Its index in the Job, from 0; null where it does not say. */
  readonly index: number | null;
  readonly node: string | null;
  readonly zone: string | null;
  readonly running: boolean;
  /** Why it does not run yet; null where nothing is known. */
  readonly why: string | null;
  /** It will not run whatever is waited for. */
  readonly hopeless: boolean;
}

export const ZONE_LABEL = 'topology.kubernetes.io/zone';
const INDEX = 'batch.kubernetes.io/job-completion-index';
/** What a container waits for in vain: an image or a setting that is wrong. ErrImagePull is tried again first. */
const HOPELESS = new Set([
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
]);
/** A pod waits for nothing but its turn. */
const USUAL = new Set(['ContainerCreating', 'PodInitializing']);

/** Throws where this is no answer of kubectl's. */
export function podsOf(json: string): Pod[] {
  return podsSchema.parse(JSON.parse(json)).items.map(podOf);
}

function podOf(raw: RawPod): Pod {
  const { metadata, spec, status } = raw;
  const told = metadata.annotations?.[INDEX] ?? metadata.labels?.[INDEX];
  const state = status?.containerStatuses?.find(({ name }) => name === CONTAINER)?.state;
  const gone = metadata.deletionTimestamp !== undefined;
  const standing = { running: false, why: null, hopeless: false, ...standingOf(raw, state) };
  return {
    name: metadata.name,
    index: told === undefined ? null : Number(told),
    node: spec?.nodeName ?? null,
    zone: metadata.labels?.[ZONE_LABEL] ?? null,
    ...(gone ? { running: false, why: 'it was deleted', hopeless: true } : standing),
  };
}

type State = NonNullable<NonNullable<NonNullable<RawPod['status']>['containerStatuses']>[number]['state']>;

function standingOf(
  { status }: RawPod,
  state: State | undefined,
): Partial<Pick<Pod, 'running' | 'why' | 'hopeless'>> {
  const { phase, reason, message } = status ?? {};
  const ended = state?.terminated;
  if (ended !== undefined || phase === 'Failed' || phase === 'Succeeded') {
    const how = ended === undefined ? '' : `its container exited with status ${ended.exitCode}`;
    return { why: sentence(how || `it has ${phase}`, ended?.message ?? message ?? reason), hopeless: true };
  }
  if (state?.running !== undefined && phase === 'Running') return { running: true };
  const { waiting } = state ?? {};
  if (waiting?.reason !== undefined && !USUAL.has(waiting.reason)) {
    return { why: sentence(waiting.reason, waiting.message), hopeless: HOPELESS.has(waiting.reason) };
  }
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  // An autoscaler may bring the node: whoever waits decides for how long.
  if (scheduled?.status === 'False') {
    return { why: sentence(scheduled.reason ?? 'not scheduled', scheduled.message) };
  }
  return {};
}

const sentence = (what: string, more: string | undefined): string =>
  more === undefined || more.trim() === '' ? what : `${what}: ${more.trim().replaceAll(/\s*\n\s*/g, ' | ')}`;

const eventsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      type: z.string().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      involvedObject: z.looseObject({ kind: z.string().optional(), name: z.string().optional() }),
    }),
  ),
});

/** What the cluster complains of about a Job. */
export interface Complaint {
  readonly text: string;
  /** No pod will come of it whatever is waited for. */
  readonly hopeless: boolean;
}

/** Warnings about a Job and its pods, each once, from `kubectl get events -o json`. */
export function complaintsOf(json: string, job: string): Complaint[] {
  const found = new Map<string, Complaint>();
  for (const { type, reason, message, involvedObject } of eventsSchema.parse(JSON.parse(json)).items) {
    const { kind, name = '' } = involvedObject;
    const own = kind === 'Job' ? name === job : name.startsWith(`${job}-`);
    // What keeps a pod from its node is in the pod itself.
    if (type !== 'Warning' || !own || reason === 'FailedScheduling') continue;
    const text = sentence(reason ?? 'warning', message);
    found.set(text, { text, hopeless: reason === 'FailedCreate' && /forbidden|exceeded quota/i.test(text) });
  }
  return [...found.values()];
}

const nodesSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        name: z.string(),
        labels: z.record(z.string(), z.string()).optional(),
      }),
    }),
  ),
});

/** The zone of each node that has one, from `kubectl get nodes -o json`. */
export function zonesOf(json: string): Map<string, string> {
  const nodes = nodesSchema.parse(JSON.parse(json)).items;
  return new Map(
    nodes.flatMap(({ metadata: { name, labels } }) => {
      const zone = labels?.[ZONE_LABEL];
      return zone === undefined ? [] : [[name, zone] as const];
    }),
  );
}
