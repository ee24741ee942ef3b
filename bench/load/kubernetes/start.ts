import { randomBytes } from 'node:crypto';
import { delay } from '../../common/deadline.ts';
import { KsweepError } from '../../common/errors.ts';
import type { KubernetesPods } from '../../workload/kubernetes-schema.ts';
import type { LoadHost } from '../agent/load-hosts.ts';
import { hireJanitor, type Janitor } from './janitor.ts';
import { CONTAINER, jobName, jobOf, selectorOf } from './job.ts';
import { Kubectl, QUOTA_STEP, RIGHTS_STEP } from './kubectl.ts';
import { type Complaint, complaintsOf, type Pod, podsOf, ZONE_LABEL, zonesOf } from './pods.ts';
import { podHosts } from './where.ts';

const LOOK_EVERY_MS = 1_000;
/** From the removal of a Job until its pods are gone: their grace period, and what a node takes for the rest. */
const REMOVED_LIMIT_MS = 60_000;

export interface WantedPods {
  /** Null: the context's own. */
  readonly namespace: string | null;
  /** The workload's, for the Job's name. */
  readonly workload: string;
  readonly pods: KubernetesPods;
}

/** The pods of a run, in which agents can be started. */
export interface RunningPods {
  readonly hosts: readonly LoadHost[];
  /** Removes the Job with its pods. Throws kubernetes-failed. */
  remove(): Promise<void>;
}

/**
 * Makes the Job of a run and waits until all of its pods run. Throws kubernetes-failed, or interrupted, having removed
 * what was made.
 * @param say told how it stands, a line each
 */
export async function startPods(
  wanted: WantedPods,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<RunningPods> {
  const job = new RunJob(wanted, say);
  try {
    await job.make();
    const running = await job.awaitPods(signal);
    return { hosts: await job.hostsOf(running), remove: () => job.remove() };
  } catch (error) {
    await job.giveUp();
    // Ctrl-C in a terminal ends a kubectl under way, too, whose failure then is none.
    throw signal.aborted ? new KsweepError('interrupted', 'interrupted while the pods were starting') : error;
  }
}

class RunJob {
  readonly #kubectl: Kubectl;
  readonly #name: string;
  readonly #pods: KubernetesPods;
  readonly #say: (line: string) => void;
  readonly #janitor: Janitor;
  #made = false;

  constructor({ namespace, workload, pods }: WantedPods, say: (line: string) => void) {
    this.#kubectl = new Kubectl(namespace);
    this.#name = jobName(workload, randomBytes(3).toString('hex'));
    this.#pods = pods;
    this.#say = say;
    // Before there is anything to remove: a kill may come at any moment.
    this.#janitor = hireJanitor(this.#removing);
  }

  /** The Job goes when its pods have: whoever asks for it sees when that is. */
  get #removing(): string[] {
    return this.#kubectl.words(
      'delete',
      'job',
      this.#name,
      '--ignore-not-found',
      '--cascade=foreground',
      '--wait=false',
    );
  }

  async make(): Promise<void> {
    const text = JSON.stringify(jobOf(this.#name, this.#pods));
    // Its name is new, so there is nothing to merge with: this needs the right to create alone.
    const words = this.#kubectl.words('create', '--validate=false', '--output=name', '-f', '-');
    await this.#kubectl.run(`making Job ${this.#name}`, words, text);
    this.#made = true;
    this.#say(`Job ${this.#name}: waiting for ${this.#pods.pods} pods`);
  }

  /** Its pods by index, as soon as all of them run. */
  async awaitPods(signal: AbortSignal): Promise<Pod[]> {
    const deadline = performance.now() + this.#pods.startDeadlineSeconds * 1000;
    let told = '';
    while (true) {
      if (signal.aborted) throw new Error('interrupted');
      const pods = await this.#look();
      const ready = inOrder(pods, this.#pods.pods);
      if (ready !== null) return ready;
      const broken = pods.find(({ hopeless }) => hopeless);
      if (broken !== undefined) throw this.#refused(`pod ${broken.name} does not run: ${broken.why}`);
      const complaints = await this.#complaints();
      const vain = complaints.find(({ hopeless }) => hopeless);
      if (vain !== undefined) throw this.#refused(vain.text);
      const standing = describe(pods, this.#pods.pods, complaints);
      if (performance.now() > deadline) {
        throw this.#refused(
          `after ${this.#pods.startDeadlineSeconds} s ${standing} (load.kubernetes.startDeadlineSeconds)`,
        );
      }
      if (standing !== told) this.#say(`Job ${this.#name}: ${standing}`);
      told = standing;
      await delay(LOOK_EVERY_MS);
    }
  }

  async hostsOf(pods: readonly Pod[]): Promise<LoadHost[]> {
    const zones = await this.#zones(pods);
    const names = podHosts(pods.length);
    return pods.map((pod, i) => ({
      name: names[i] ?? pod.name,
      at: `pod ${pod.name}${pod.node === null ? '' : ` on node ${pod.node}`}`,
      command: this.#kubectl.words(
        'exec',
        '-i',
        pod.name,
        '-c',
        CONTAINER,
        '--',
        'ksweep',
        'agent',
        '--stdio',
      ),
      rack: pod.zone ?? zones.get(pod.node ?? '') ?? null,
    }));
  }

  /** Leaves nothing behind, also of a Job that was made without a word of it. */
  async giveUp(): Promise<void> {
    if (!this.#made) this.#janitor.leave();
    else await this.remove().catch((error: Error) => this.#say(error.message));
  }

  async remove(): Promise<void> {
    try {
      await this.#removeWithPods();
      await this.#janitor.dismiss();
    } catch (error) {
      // Once more, when this process has ended.
      this.#janitor.leave();
      throw error;
    }
  }

  async #removeWithPods(): Promise<void> {
    await this.#kubectl.run(`removing Job ${this.#name}`, this.#removing);
    const deadline = performance.now() + REMOVED_LIMIT_MS;
    for (let left = await this.#look(); left.length > 0; left = await this.#look()) {
      if (performance.now() > deadline) {
        throw new KsweepError(
          'kubernetes-failed',
          `Job ${this.#name} is being removed, and has ${left.length} pods still`,
          { hint: `see what holds them: kubectl get pods -l ${selectorOf(this.#name)}` },
        );
      }
      await delay(LOOK_EVERY_MS / 4);
    }
  }

  async #look(): Promise<Pod[]> {
    const words = this.#kubectl.words('get', 'pods', '-l', selectorOf(this.#name), '-o', 'json');
    return podsOf(await this.#kubectl.run('looking at the pods', words));
  }

  /** None where the rights do not reach so far. */
  async #complaints(): Promise<Complaint[]> {
    const words = this.#kubectl.words('get', 'events', '--field-selector=type=Warning', '-o', 'json');
    const told = await this.#kubectl.run('reading events', words).catch(() => null);
    return told === null ? [] : complaintsOf(told, this.#name);
  }

  /** Zones of nodes, where the pods' own labels do not tell them and whoever runs this may read nodes. */
  async #zones(pods: readonly Pod[]): Promise<Map<string, string>> {
    const nodes = new Set(pods.flatMap(({ node, zone }) => (zone === null && node !== null ? [node] : [])));
    if (nodes.size === 0) return new Map();
    const words = this.#kubectl.words('get', 'nodes', '-l', ZONE_LABEL, '-o', 'json');
    try {
      const zones = zonesOf(await this.#kubectl.run('reading the nodes’ zones', words));
      if (![...nodes].every((node) => zones.has(node))) {
        this.#say(`client.rack stays unset where a node has no label ${ZONE_LABEL}`);
      }
      return zones;
    } catch (error) {
      this.#say(
        `client.rack stays unset: ${(error as Error).message} (infra/kubernetes/zones.yaml has the right)`,
      );
      return new Map();
    }
  }

  #refused(why: string): KsweepError {
    return new KsweepError('kubernetes-failed', `Job ${this.#name}: ${why}`, { hint: stepFor(why) });
  }
}

/** The pods by index where all of them run; null before. */
function inOrder(pods: readonly Pod[], count: number): Pod[] | null {
  const running = pods.filter((pod) => pod.running);
  const ordered = Array.from({ length: count }, (_, i) => running.find(({ index }) => index === i));
  return ordered.every((pod) => pod !== undefined) ? ordered : null;
}

function describe(pods: readonly Pod[], count: number, complaints: readonly Complaint[]): string {
  const running = pods.filter((pod) => pod.running).length;
  const why = [...pods.flatMap((pod) => pod.why ?? []), ...complaints.map(({ text }) => text)];
  const reasons = [...new Set(why)];
  return `${running} of ${count} pods run${reasons.length === 0 ? '' : `; ${reasons.join('; ')}`}`;
}

/** The first that fits why pods do not run. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/exceeded quota/i, QUOTA_STEP],
  [
    /image/i,
    'check load.kubernetes.image, and that the nodes may pull it: image pull secrets go with load.kubernetes.serviceAccountName',
  ],
  [
    /unschedulable/i,
    'one node takes one pod: check the free nodes against load.kubernetes.pods, resources, nodeSelector and tolerations',
  ],
  [/mount|secret/i, 'check load.kubernetes.mounts against `kubectl get secrets`'],
  [/podsecurity|violates/i, 'the namespace’s security rules refuse the pods: see the message'],
  [/forbidden/i, RIGHTS_STEP],
];

const stepFor = (why: string): string =>
  STEPS.find(([pattern]) => pattern.test(why))?.[1] ??
  'look at a pod while it is there: kubectl describe pods -l app.kubernetes.io/name=ksweep-agent';
