import type { KubernetesPods } from '../../workload/kubernetes-schema.ts';
import { AGENT_ENVIRONMENT } from '../environment.ts';
import { HOLD_SOCKET } from './hold.ts';

/** The container that agents are started in. */
export const CONTAINER = 'agent';
/** One node has one pod with this label. */
const NAME = { 'app.kubernetes.io/name': 'ksweep-agent' };
const INSTANCE = 'app.kubernetes.io/instance';
/** Of the image's user, and of what the pod may write. */
const USER_ID = 1000;
/** No agent for this long ends a pod: a coordinator that is alive has one in each. */
const HOLD_SEC = 60;
/** Beyond the time that pods may take to run: a cluster may have to start before agents do. */
const FIRST_AGENT_SEC = 180;
const SCRATCH = '/tmp';
/** A Job's name, and behind it "-", an index, "-" and five letters: no more than 63 for a host. */
const MAX_NAME = 40;

/** Selects the pods of one run. */
export const selectorOf = (job: string): string => `${INSTANCE}=${job}`;

/** @param suffix lower-case letters and digits that no other run has */
export function jobName(workload: string, suffix: string): string {
  const stem = `ksweep-${workload}`.slice(0, MAX_NAME - suffix.length - 1).replace(/-+$/, '');
  return `${stem}-${suffix}`;
}

/**
 * The Job of one run: its pods wait for agents to be started in them, and do nothing by themselves. It holds no value of
 * a secret: secrets that are files are mounted by name, and all others go to the agents through their channel.
 */
export function jobOf(name: string, pods: KubernetesPods): Readonly<Record<string, unknown>> {
  const labels = { ...NAME, [INSTANCE]: name };
  const environment = {
    ...AGENT_ENVIRONMENT,
    HOME: SCRATCH,
    TMPDIR: SCRATCH,
    [HOLD_SOCKET]: `${SCRATCH}/ksweep-hold.sock`,
  };
  const first = pods.startDeadlineSeconds + FIRST_AGENT_SEC;
  const volumeOf = (i: number): string => `secret-${i}`;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      completionMode: 'Indexed',
      completions: pods.pods,
      parallelism: pods.pods,
      // A pod that comes back would be another host in the middle of a measurement.
      backoffLimit: 0,
      activeDeadlineSeconds: pods.activeDeadlineSeconds,
      ttlSecondsAfterFinished: pods.ttlSecondsAfterFinished,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 5,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...(pods.serviceAccountName === undefined ? {} : { serviceAccountName: pods.serviceAccountName }),
          nodeSelector: pods.nodeSelector,
          tolerations: pods.tolerations,
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: NAME }, topologyKey: 'kubernetes.io/hostname' },
              ],
            },
          },
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER_ID,
            runAsGroup: USER_ID,
            fsGroup: USER_ID,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: CONTAINER,
              image: pods.image,
              ...(pods.imagePullPolicy === undefined ? {} : { imagePullPolicy: pods.imagePullPolicy }),
              command: ['ksweep', 'agent', '--hold', `${HOLD_SEC}s`, '--first', `${first}s`],
              env: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
              resources: pods.resources,
              // The last lines of what failed, in the pod's own state.
              terminationMessagePolicy: 'FallbackToLogsOnError',
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [
                { name: 'scratch', mountPath: SCRATCH },
                ...pods.mounts.map(({ mountPath }, i) => ({ name: volumeOf(i), mountPath, readOnly: true })),
              ],
            },
          ],
          volumes: [
            { name: 'scratch', emptyDir: {} },
            ...pods.mounts.map((mount, i) => ({
              name: volumeOf(i),
              secret: { secretName: mount.name, defaultMode: 0o440 },
            })),
          ],
        },
      },
    },
  };
}
