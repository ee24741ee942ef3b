import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../bench/common/package-root.ts';
import { gathered } from '../support/cli.ts';
import { realKubectl } from '../support/kubernetes/real-kubectl.ts';
import { type Coordinator, kubernetesScenarios, type Place } from '../support/kubernetes/scenarios.ts';
import { suite } from '../support/suite.ts';

/**
 * Against the cluster that KUBECONFIG names: `npm run test:kubernetes`. It needs the image on its nodes (IMAGE), and in
 * the namespace (NAMESPACE, `ksweep`) the rights of infra/kubernetes/base and a broker (BOOTSTRAP_SERVER, `kafka:9092`);
 * infra/kubernetes/kind/test.sh makes all of it. The coordinator runs in a pod, as that reaches the broker.
 */
const run = promisify(execFile);
const test = suite('load from the pods of a real Kubernetes', { timeoutMs: 300_000 });

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};
const image = process.env['IMAGE'] ?? `registry.example.com/ksweep:${version}`;
const namespace = process.env['NAMESPACE'] ?? 'ksweep';
const NAME = 'ksweep-test-coordinator';

const kubectl = async (...words: readonly string[]): Promise<string> =>
  (await run('kubectl', ['--namespace', namespace, ...words])).stdout;

function missing(): string | null {
  if ((process.env['KUBECONFIG'] ?? '') === '') return 'KUBECONFIG names no cluster';
  const found = realKubectl();
  return 'reason' in found ? found.reason : null;
}

const removeCoordinator = (): Promise<string> =>
  kubectl('delete', 'pod', NAME, '--ignore-not-found', '--force', '--grace-period=0');

async function makeCoordinator(): Promise<void> {
  await removeCoordinator();
  const container = {
    name: 'ksweep',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', 'setInterval(() => {}, 1e6)'],
  };
  const spec = { serviceAccountName: 'ksweep', enableServiceLinks: false, containers: [container] };
  const overrides = JSON.stringify({ apiVersion: 'v1', spec });
  await kubectl('run', NAME, `--image=${image}`, '--restart=Never', `--overrides=${overrides}`);
  await kubectl('wait', '--for=condition=Ready', `pod/${NAME}`, '--timeout=120s');
}

async function start(words: readonly string[]): Promise<Coordinator> {
  await makeCoordinator();
  const command = [
    'exec',
    '--namespace',
    namespace,
    NAME,
    '--',
    'ksweep',
    ...words,
    '--results',
    '/tmp/results',
  ];
  const child = spawn('kubectl', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    ...gathered(child),
    async kill() {
      await removeCoordinator();
    },
  };
}

test.after(async () => {
  if (missing() === null) await removeCoordinator();
});

const place = (): Place => ({
  image,
  bootstrapServer: process.env['BOOTSTRAP_SERVER'] ?? 'kafka:9092',
  reason: missing(),
  start,
  kubectl,
});

kubernetesScenarios(test, place);

test.run();
