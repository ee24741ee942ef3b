import { PodProcess } from './pod-process.ts';
import type { Streams } from './streams.ts';

/** What is read of a Job here; all of it is kept and given back. */
export interface JobObject {
  readonly apiVersion: string;
  readonly kind: string;
  metadata: { name: string; namespace: string; uid?: string; labels?: Record<string, string> };
  readonly spec: {
    readonly completions: number;
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [
          {
            readonly name: string;
            readonly image: string;
            readonly command: readonly string[];
            readonly env: readonly { readonly name: string; readonly value: string }[];
          },
        ];
      };
    };
  };
  status?: Record<string, unknown>;
}

export interface PodObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
    deletionTimestamp?: string;
  };
  readonly spec: JobObject['spec']['template']['spec'] & { nodeName?: string };
  status: Record<string, unknown>;
}

export interface NodeObject {
  readonly name: string;
  readonly zone: string | null;
}

interface Living {
  readonly object: PodObject;
  readonly job: string;
  process: PodProcess | null;
}

const INDEX = 'batch.kubernetes.io/job-completion-index';
/** What Kubernetes' Job controller takes to look at a Job's pods again. */
const CONTROLLER_MS = 1_000;
const letters = (): string => Math.random().toString(36).slice(2, 7).padEnd(5, 'x');

/** Jobs, their pods and who starts them: what of Kubernetes' controllers and nodes an Indexed Job of ours meets. */
export class ClusterState {
  readonly jobs = new Map<string, JobObject>();
  readonly events: Record<string, unknown>[] = [];
  readonly nodes: NodeObject[];
  /** Images that the nodes can pull. */
  readonly images: ReadonlySet<string>;
  /** Pods that the namespace may have. */
  quota = Number.POSITIVE_INFINITY;
  readonly #pods = new Map<string, Living>();

  constructor(nodes: NodeObject[], images: ReadonlySet<string>) {
    this.nodes = nodes;
    this.images = images;
  }

  get pods(): PodObject[] {
    return [...this.#pods.values()].map(({ object }) => object);
  }

  makeJob(job: JobObject): void {
    this.jobs.set(job.metadata.name, job);
    job.metadata.uid = letters();
    for (let index = 0; index < job.spec.completions; index++) {
      if (this.#pods.size < this.quota) this.#makePod(job, index);
      else
        this.#complain(
          job,
          `pods "${job.metadata.name}-${index}" is forbidden: exceeded quota: few, requested: pods=1, used: pods=${this.#pods.size}, limited: pods=${this.quota}`,
        );
    }
  }

  removeJob(name: string): void {
    this.jobs.delete(name);
    for (const { object, job } of this.#pods.values()) if (job === name) this.removePod(object.metadata.name);
  }

  removePod(name: string): void {
    const pod = this.#pods.get(name);
    if (pod === undefined || pod.object.metadata.deletionTimestamp !== undefined) return;
    pod.object.metadata.deletionTimestamp = new Date().toISOString();
    if (pod.process === null) this.#forget(pod);
    else pod.process.end(pod.object.spec.terminationGracePeriodSeconds * 1000);
  }

  isRunning(name: string): boolean {
    return this.#pods.get(name)?.process != null;
  }

  /** Runs a command in a pod that runs. */
  exec(name: string, command: readonly string[], streams: Streams): void {
    this.#pods.get(name)?.process?.exec(command, streams);
  }

  /** Everything ends at once. */
  stop(): void {
    for (const { process } of this.#pods.values()) process?.kill();
  }

  #makePod(job: JobObject, index: number): void {
    const { template } = job.spec;
    const { name, namespace } = job.metadata;
    const object: PodObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-${index}-${letters()}`,
        namespace,
        labels: { ...template.metadata.labels, 'job-name': name },
        annotations: { [INDEX]: String(index) },
      },
      spec: structuredClone(template.spec),
      status: { phase: 'Pending' },
    };
    const pod: Living = { object, job: name, process: null };
    this.#pods.set(object.metadata.name, pod);
    // One node takes one of them, as their anti-affinity says.
    const taken = new Set(this.pods.map(({ spec }) => spec.nodeName));
    const node = this.nodes.find((one) => !taken.has(one.name));
    if (node === undefined) {
      const message = `0/${this.nodes.length} nodes are available: ${this.nodes.length} node(s) didn't match pod anti-affinity rules.`;
      object.status['conditions'] = [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
      ];
      return;
    }
    object.spec.nodeName = node.name;
    this.#run(pod);
  }

  #run(pod: Living): void {
    const { object } = pod;
    const [container] = object.spec.containers;
    const tell = (phase: string, state: Record<string, unknown>): void => {
      object.status = { phase, containerStatuses: [{ name: container.name, state }] };
    };
    if (!this.images.has(container.image)) {
      const message = `Back-off pulling image "${container.image}"`;
      tell('Pending', { waiting: { reason: 'ImagePullBackOff', message } });
      return;
    }
    const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    pod.process = new PodProcess(container.command, environment, (exitCode) => {
      pod.process = null;
      tell(exitCode === 0 ? 'Succeeded' : 'Failed', { terminated: { exitCode } });
      const deleted = object.metadata.deletionTimestamp !== undefined;
      if (deleted) this.#forget(pod);
      // With backoffLimit 0 a pod that failed or was deleted fails the Job, which ends the other pods.
      if (deleted || exitCode !== 0) setTimeout(() => this.#failJob(pod.job), CONTROLLER_MS).unref();
    });
    tell('Running', { running: {} });
  }

  #failJob(name: string): void {
    const job = this.jobs.get(name);
    if (job === undefined) return;
    job.status = { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] };
    for (const pod of this.#pods.values()) {
      if (pod.job === name && pod.process !== null) this.removePod(pod.object.metadata.name);
    }
  }

  #forget({ object }: Living): void {
    this.#pods.delete(object.metadata.name);
  }

  #complain(job: JobObject, message: string): void {
    this.events.push({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${job.metadata.name}.${letters()}`, namespace: job.metadata.namespace },
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: ${message}`,
      involvedObject: { kind: 'Job', name: job.metadata.name },
    });
  }
}
