import * as assert from 'uvu/assert';
import type { RepeatResult } from '../../../bench/results/result.ts';
import type { Ended } from '../cli.ts';
import type { Suite } from '../suite.ts';
import { until } from '../until.ts';

/** A `ksweep run` that loads from pods. */
export interface Coordinator {
  /** What it has said so far on its standard error. */
  said(): string;
  readonly ended: Promise<Ended>;
  /** Ends it without a word. */
  kill(): Promise<void>;
}

/** A Kubernetes, a broker that its pods reach, and where a coordinator of theirs can run. */
export interface Place {
  readonly image: string;
  readonly bootstrapServer: string;
  /** For people, why nothing can be tried here; null where it can. */
  readonly reason: string | null;
  start(words: readonly string[]): Promise<Coordinator>;
  kubectl(...words: readonly string[]): Promise<string>;
}

const OURS = ['-l', 'app.kubernetes.io/name=ksweep-agent', '-o', 'name'];
const LIMIT_MS = 60_000;

/** The same three, whatever the place is. */
export function kubernetesScenarios(test: Suite, place: () => Place): void {
  const scenario = (name: string, body: (place: Place) => Promise<void>): void => {
    test(name, async () => {
      const { reason } = place();
      if (reason === null) await body(place());
      else console.log(`left out: ${reason}`);
    });
  };

  scenario('a Job of three agents measures, and is gone afterwards', async (there) => {
    const run = await begin(there, '3s', '--json');
    const { code, stdout, stderr } = await run.ended;
    // 3 on a busy machine, where the repeat is invalid.
    assert.ok(code === 0 || code === 3, `${code}: ${stderr}`);
    const [result] = (JSON.parse(stdout) as { readonly results: readonly RepeatResult[] }).results;
    assert.ok(result !== undefined);
    assert.is.not(result.outcome, 'failed', JSON.stringify(result.reasons));
    const { acknowledged, received, lost, duplicated } = result.counts;
    assert.equal([received, lost, duplicated], [acknowledged, 0, 0]);
    assert.equal(
      result.loadHosts?.hosts.map(({ name, producers }) => [name, producers]),
      [
        ['pod-0', 1],
        ['pod-1', 1],
        ['pod-2', 1],
      ],
    );
    await nothingLeft(there);
  });

  scenario('a pod that is deleted fails the cell by its name, and nothing is left', async (there) => {
    const run = await begin(there, '60s');
    const pod = await measuring(there, run);
    await there.kubectl('delete', pod, '--wait=false');
    const { code, stderr } = await run.ended;
    assert.is(code, 2, stderr);
    const name = pod.replace('pod/', '');
    assert.match(
      stderr,
      new RegExp(`failed.*producer-1 ended: its agent on load host pod-1 \\(pod ${name} on node \\S+\\)`),
      stderr,
    );
    await nothingLeft(there);
  });

  scenario('a coordinator that is killed leaves no pod', async (there) => {
    const run = await begin(there, '60s');
    await measuring(there, run);
    await run.kill();
    await run.ended;
    await nothingLeft(there);
  });
}

function begin(there: Place, duration: string, ...more: readonly string[]): Promise<Coordinator> {
  const set = [
    `load.kubernetes={image: "${there.image}", pods: 3, imagePullPolicy: IfNotPresent}`,
    'load.producers=3',
    'records.corpus=1MiB',
    'load.rate=600',
    `load.duration=${duration}`,
    'compression.type=none',
    'linger.ms=0',
    'batch.size=16384',
    'repeats=1',
    'thresholds=[]',
  ];
  return there.start([
    'run',
    'workloads/quickstart.yaml',
    '--load-hosts',
    'kubernetes',
    '--bootstrap-server',
    there.bootstrapServer,
    ...set.flatMap((one) => ['--set', one]),
    ...more,
  ]);
}

/** Waits until the cell is under way; the name of the pod with index 1. */
async function measuring(there: Place, run: Coordinator): Promise<string> {
  let over = false;
  void run.ended.then(() => {
    over = true;
  });
  await until(
    'a repeat has begun',
    () => {
      if (over) throw new Error(`it ended before: ${run.said()}`);
      return run.said().includes('[1/1]');
    },
    LIMIT_MS,
  );
  const pods = (await there.kubectl('get', 'pods', ...OURS)).trim().split('\n');
  assert.is(pods.length, 3);
  const second = pods.find((name) => /-1-\w{5}$/.test(name));
  assert.ok(second !== undefined, pods.join(' '));
  return second as string;
}

const nothingLeft = (there: Place): Promise<void> =>
  until(
    'no Job and no pod is left',
    async () => (await there.kubectl('get', 'jobs,pods', ...OURS)).trim() === '',
    LIMIT_MS,
  );
