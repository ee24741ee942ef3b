import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { chooseClient } from '../../bench/client/choose.ts';
import type { KsweepError } from '../../bench/common/errors.ts';
import { packageRoot } from '../../bench/common/package-root.ts';
import { Agents } from '../../bench/load/agent/agents.ts';
import { type RunningPods, startPods } from '../../bench/load/kubernetes/start.ts';
import { kubernetesSchema } from '../../bench/workload/kubernetes-schema.ts';
import { startKsweep } from '../support/cli.ts';
import { IMAGE, KubernetesDouble } from '../support/kubernetes/double.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('load from pods, on a double of Kubernetes', { timeoutMs: 60_000 });

const double = new KubernetesDouble();
let reason: string | null = null;
const before = { ...process.env };
test.before(async () => {
  reason = await double.start();
  Object.assign(process.env, double.env);
});
test.after(() => {
  Object.assign(process.env, before);
  double.stop();
});

/** A test that leaves itself out, with the reason, where there is no kubectl. */
function withKubectl(name: string, body: () => Promise<void>): void {
  test(name, async () => {
    if (reason === null) await body();
    else console.log(`left out: ${reason}`);
  });
}

const said: string[] = [];
const start = (
  input: Record<string, unknown> = {},
  signal = new AbortController().signal,
): Promise<RunningPods> => {
  said.length = 0;
  const pods = kubernetesSchema.parse({ image: IMAGE, ...input });
  return startPods({ namespace: null, workload: 'test', pods }, (line) => said.push(line), signal);
};

async function refusal(input: Record<string, unknown> = {}): Promise<KsweepError> {
  try {
    await start(input);
  } catch (error) {
    return error as KsweepError;
  }
  throw new Error('was not refused');
}

const nothingLeft = (): Promise<void> =>
  until('no Job and no pod is left', () => double.state.jobs.size + double.state.pods.length === 0);

withKubectl('three pods run, say hello through exec, have their nodes’ zones, and are removed', async () => {
  const running = await start({ pods: 3 });
  assert.equal(
    running.hosts.map(({ name, rack }) => [name, rack]),
    [
      ['pod-0', 'zone-1'],
      ['pod-1', 'zone-2'],
      ['pod-2', null],
    ],
  );
  assert.match(running.hosts[1]?.at ?? '', /^pod ksweep-test-[0-9a-f]{6}-1-\w{5} on node node-b$/);
  assert.ok(said.some((line) => line.startsWith('client.rack stays unset where a node has no label')));
  const agents = new Agents(running.hosts);
  await agents.connect(chooseClient().name);
  assert.is(agents.told.length, 3);
  await agents.exit();
  await running.remove();
  await nothingLeft();
});

/** How `kubectl exec` ends, and what came of its streams. */
async function execIn(pod: string, script: string, env: NodeJS.ProcessEnv) {
  const words = ['exec', '-i', pod, '-c', 'agent', '--', 'sh', '-c', script];
  const child = spawn('kubectl', words, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const seen = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('latin1').on('data', (text: string) => {
      seen[name] += text;
    });
  }
  child.stdin.end(Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, ...seen };
}

withKubectl(
  'exec keeps streams byte for byte, the end of the input and the status, by kubectl and its stand-in',
  async () => {
    const running = await start();
    const [, pod = ''] = /^pod (\S+)/.exec(running.hosts[0]?.at ?? '') ?? [];
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('latin1');
    for (const env of double.execIsReal ? [double.env, double.standIn] : [double.standIn]) {
      assert.equal(await execIn(pod, 'cat; echo err >&2; exit 7', env), {
        code: 7,
        stdout: bytes,
        stderr: 'err\ncommand terminated with exit code 7\n',
      });
      assert.equal(await execIn(pod, 'cat', env), { code: 0, stdout: bytes, stderr: '' });
      assert.equal((await execIn(pod, 'kill -9 $$', env)).code, 137);
      const nowhere = await execIn('nowhere', 'cat', env);
      assert.equal(nowhere, {
        code: 1,
        stdout: '',
        stderr: 'Error from server (NotFound): pods "nowhere" not found\n',
      });
    }
    await running.remove();
  },
);

withKubectl('without the right to read nodes the zone stays unset, and that is said', async () => {
  double.api.forbidden.add('list nodes');
  const running = await start();
  double.api.forbidden.clear();
  assert.is(running.hosts[0]?.rack, null);
  assert.ok(
    said.some((line) => /^client\.rack stays unset: .*cannot list resource "nodes".*zones/.test(line)),
    said.join('\n'),
  );
  await running.remove();
});

withKubectl('a pod that is deleted ends its agent with the pod’s name, and the Job the others', async () => {
  const running = await start({ pods: 2 });
  const agents = new Agents(running.hosts);
  await agents.connect(chooseClient().name);
  const [, second] = running.hosts;
  const agent = agents.of(second as NonNullable<typeof second>);
  const ended = new Promise<string>((resolve) =>
    agent?.listen('producer-0', { onMessage() {}, onEnded: (how) => resolve(how) }),
  );
  const [, pod = ''] = /^pod (\S+)/.exec(second?.at ?? '') ?? [];
  await double.kubectl('delete', 'pod', pod, '--wait=false');
  assert.match(
    await ended,
    new RegExp(
      `^on load host pod-1 \\(pod ${pod} on node node-b\\) exited with status 137: command terminated`,
    ),
  );
  await until('the Job has ended its other pod', () =>
    double.state.pods.every(({ status }) => status['phase'] !== 'Running'),
  );
  agents.kill();
  await running.remove();
  await nothingLeft();
});

withKubectl('an image that cannot be pulled is refused at once, and nothing is left', async () => {
  const error = await refusal({ image: 'ksweep:nowhere' });
  assert.is(error.code, 'kubernetes-failed');
  assert.match(error.message, /pod ksweep-test-\S+ does not run: ImagePullBackOff: .*ksweep:nowhere/);
  assert.match(error.hint ?? '', /load\.kubernetes\.image/);
  await nothingLeft();
});

withKubectl('more pods than nodes are waited for, and then refused with the reason', async () => {
  const error = await refusal({ pods: 4, startDeadlineSeconds: 1 });
  assert.match(error.message, /after 1 s 3 of 4 pods run; Unschedulable: 0\/3 nodes are available/);
  assert.match(error.hint ?? '', /one node takes one pod/);
  await nothingLeft();
});

withKubectl('a quota is named', async () => {
  double.state.quota = 1;
  const error = await refusal({ pods: 2 });
  double.state.quota = Number.POSITIVE_INFINITY;
  double.state.events.length = 0;
  assert.match(error.message, /FailedCreate: .*exceeded quota/);
  assert.match(error.hint ?? '', /raise the quota/);
  await nothingLeft();
});

withKubectl('a right that is lacking is named, with the Role that has it', async () => {
  double.api.forbidden.add('create jobs');
  const error = await refusal();
  double.api.forbidden.clear();
  assert.match(error.message, /making Job ksweep-test-\S+ failed: .*cannot create resource "jobs"/);
  assert.match(error.hint ?? '', /infra\/kubernetes\/base\/rights/);
});

withKubectl('Ctrl-C while pods are waited for removes them', async () => {
  const interrupt = new AbortController();
  const starting = start({ pods: 4 }, interrupt.signal);
  await until('there are pods', () => double.state.pods.length === 4);
  interrupt.abort();
  await starting.then(
    () => assert.unreachable(),
    (error: KsweepError) => assert.is(error.code, 'interrupted'),
  );
  await nothingLeft();
});

withKubectl(
  'no secret is in a Job, and Ctrl-C or kill -9 of ksweep while pods are waited for leaves none',
  async () => {
    const set = [
      `load.kubernetes={image: "${IMAGE}", pods: 4, mounts: [{name: kafka-client, mountPath: /etc/kafka}]}`,
      'load.hosts=kubernetes',
    ];
    const login = {
      KSWEEP_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KSWEEP_SASL_MECHANISM: 'PLAIN',
      KSWEEP_SASL_USERNAME: 'bench',
      KSWEEP_SASL_PASSWORD: 'correct-horse',
    };
    const words = ['run', 'workloads/quickstart.yaml', '--bootstrap-server', '127.0.0.1:1'];
    for (const [signal, status] of [
      ['SIGINT', 130],
      ['SIGKILL', null],
    ] as const) {
      const run = startKsweep([...words, ...set.flatMap((one) => ['--set', one])], {
        ...double.env,
        ...login,
      });
      await until('there are pods', () => double.state.pods.length === 4);
      const job = JSON.stringify([...double.state.jobs.values(), ...double.state.pods]);
      assert.match(job, '"secretName":"kafka-client"');
      assert.not.match(job, login.KSWEEP_SASL_PASSWORD);
      run.child.kill(signal);
      const { code, stderr } = await run.ended;
      assert.is(code, status, stderr);
      if (status !== null) assert.match(stderr, /interrupted while the pods were starting/);
      await nothingLeft();
    }
  },
);

/** Rights of a Role or ClusterRole, such as "create jobs". */
function rightsOf(...path: readonly string[]): string[] {
  const text = readFileSync(join(packageRoot(), 'infra', 'kubernetes', ...path), 'utf8');
  return parseAllDocuments(text).flatMap((one) => {
    const { rules = [] } = one.toJS() as { rules?: { resources: string[]; verbs: string[] }[] };
    return rules.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
  });
}

withKubectl('the shipped Roles have the rights that were used, and no other', async () => {
  // The tests' own, which deletes a pod.
  const used = new Set(double.api.asked.filter((one) => one !== 'delete pods'));
  // The rest of what a kubectl of another age uses to exec: it looks at the pod, and creates an exec or gets one.
  const byExec = ['get pods', 'create pods/exec', 'get pods/exec'];
  assert.equal(
    [...new Set([...used, ...byExec])].sort(),
    [...rightsOf('base', 'rights.yaml'), ...rightsOf('zones.yaml')].sort(),
  );
});

test.run();
