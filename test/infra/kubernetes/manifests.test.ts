import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { jobOf } from '../../../bench/load/kubernetes/job.ts';
import { kubernetesSchema } from '../../../bench/workload/kubernetes-schema.ts';
import { loadWorkload } from '../../../bench/workload/load.ts';
import { pythonTools } from '../../../infra/python.ts';
import { realKubectl } from '../../support/kubernetes/real-kubectl.ts';
import { suite } from '../../support/suite.ts';

const run = promisify(execFile);
const test = suite('infra/kubernetes', { timeoutMs: 300_000 });

const source = (...path: string[]): string => join(packageRoot(), 'infra', 'kubernetes', ...path);
const folder = mkdtempSync(join(tmpdir(), 'ksweep-manifests-'));
let bin = '';
test.before(async () => {
  bin = await pythonTools(join(packageRoot(), 'test', 'infra', 'kubernetes', 'requirements.txt'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

async function ended(program: string, ...words: readonly string[]) {
  return await run(program, words).then(
    ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ status: code as number, output: String(stdout) + String(stderr) }),
  );
}

/** The newest schemas that Kubernetes has published, and no key that they do not know. */
async function assertValid(text: string): Promise<void> {
  const { status, output } = await validate(text);
  assert.is(status, 0, output);
}
function validate(text: string): ReturnType<typeof ended> {
  const file = join(folder, 'manifests.yaml');
  writeFileSync(file, text);
  return ended(join(bin, 'kubernetes-validate'), '--strict', '--no-warn', file);
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}
interface CronJob {
  readonly spec: {
    readonly concurrencyPolicy: string;
    readonly jobTemplate: {
      readonly spec: {
        readonly podFailurePolicy: {
          readonly rules: readonly { readonly onExitCodes?: { readonly containerName: string } }[];
        };
        readonly template: {
          readonly spec: { readonly restartPolicy: string; readonly containers: readonly { name: string }[] };
        };
      };
    };
  };
}
const manifestsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map((one) => one.toJS() as Manifest);

/** What manifests refer to by name and do not hold; a secret that is optional may be missing. */
function missingFrom(manifests: readonly Manifest[]): string[] {
  const there = new Set(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const missing: string[] = [];
  const need = (kind: string, name: unknown): void => {
    if (typeof name === 'string' && !there.has(`${kind} ${name}`)) missing.push(`${kind} ${name}`);
  };
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const one = value as Record<string, Record<string, unknown>>;
    need('ServiceAccount', one['serviceAccountName']);
    need('PersistentVolumeClaim', one['persistentVolumeClaim']?.['claimName']);
    need('ConfigMap', one['configMap']?.['name']);
    if (Array.isArray(one['containers']) && Array.isArray(one['volumes'])) {
      const volumes = new Set((one['volumes'] as { name: string }[]).map(({ name }) => name));
      for (const container of one['containers'] as { volumeMounts?: { name: string }[] }[]) {
        for (const { name } of container.volumeMounts ?? []) {
          if (!volumes.has(name)) missing.push(`volume ${name}`);
        }
      }
    }
    for (const inner of Object.values(one)) walk(inner);
  };
  walk(manifests);
  return missing;
}

/** What the API refuses in a CronJob and the published schemas let pass: its enumerations, and what its failure policy needs. */
function refusedBy(manifests: readonly Manifest[]): string[] {
  const cron = manifests.find(({ kind }) => kind === 'CronJob') as unknown as CronJob;
  const { concurrencyPolicy, jobTemplate } = cron.spec;
  const { podFailurePolicy, template } = jobTemplate.spec;
  const containers = template.spec.containers.map(({ name }) => name);
  return [
    ...(['Allow', 'Forbid', 'Replace'].includes(concurrencyPolicy) ? [] : ['concurrencyPolicy']),
    ...(template.spec.restartPolicy === 'Never' ? [] : ['restartPolicy']),
    ...podFailurePolicy.rules.flatMap(({ onExitCodes }) =>
      onExitCodes === undefined || containers.includes(onExitCodes.containerName) ? [] : ['containerName'],
    ),
  ];
}

/** As kubectl renders a folder; null where there is no kubectl, which is said. */
async function rendered(name: string): Promise<string | null> {
  const kubectl = realKubectl();
  if ('path' in kubectl) return (await run(kubectl.path, ['kustomize', source(name)])).stdout;
  console.log(`left out: ${kubectl.reason}`);
  return null;
}

for (const name of ['base', 'nightly']) {
  test(`${name} is rendered, keeps the published schemas and refers to what is there`, async () => {
    const text = await rendered(name);
    if (text === null) return;
    await assertValid(text);
    const manifests = manifestsOf(text);
    assert.ok(manifests.length > 1);
    assert.equal(missingFrom(manifests), []);
    assert.ok(manifests.every(({ metadata }) => metadata.namespace === 'ksweep'));
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    assert.ok(text.includes(`image: registry.example.com/ksweep:${version}`));
    // As a namespace with the restricted Pod Security Standard wants it.
    for (const rule of [
      'runAsNonRoot: true',
      'readOnlyRootFilesystem: true',
      'type: RuntimeDefault',
      '- ALL',
    ]) {
      assert.ok(text.includes(rule), rule);
    }
  });
}

test('a wrong manifest is refused, and a reference to nothing found', async () => {
  const text = readFileSync(source('nightly', 'cronjob.yaml'), 'utf8');
  for (const [from, to] of [
    ['restartPolicy: Never', 'restartPolicy: [Never]'],
    ['activeDeadlineSeconds', 'activeDeadlineSecond'],
    ['backoffLimit: 2', 'backoffLimit: two'],
  ] as const) {
    assert.ok(text.includes(from), from);
    assert.is.not((await validate(text.replace(from, to))).status, 0, to);
  }
  assert.equal(refusedBy(manifestsOf(text)), []);
  for (const [from, to] of [
    ['restartPolicy: Never', 'restartPolicy: Always'],
    ['concurrencyPolicy: Forbid', 'concurrencyPolicy: Forbidden'],
    ['containerName: ksweep', 'containerName: other'],
  ] as const) {
    assert.ok(text.includes(from), from);
    assert.equal(refusedBy(manifestsOf(text.replace(from, to))), [from.split(':')[0]]);
  }
  assert.equal(missingFrom(manifestsOf(text.replace('claimName: ksweep-history', 'claimName: other'))), [
    'PersistentVolumeClaim other',
  ]);
  assert.equal(
    missingFrom(
      manifestsOf(
        text.replace('- name: scratch\n              emptyDir', '- name: x\n              emptyDir'),
      ),
    ),
    ['volume scratch'],
  );
});

test('zones.yaml and the Job of a run keep the published schemas', async () => {
  await assertValid(readFileSync(source('zones.yaml'), 'utf8'));
  await assertValid(readFileSync(source('kind', 'kafka.yaml'), 'utf8'));
  const pods = kubernetesSchema.parse({
    image: 'ksweep:1',
    imagePullPolicy: 'IfNotPresent',
    pods: 3,
    resources: { requests: { cpu: 2 }, limits: { cpu: 2, memory: '2Gi' } },
    nodeSelector: { a: 'b' },
    tolerations: [{ key: 'load', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
    serviceAccountName: 'load',
    mounts: [{ name: 'kafka-client', mountPath: '/etc/kafka' }],
  });
  await assertValid(JSON.stringify(jobOf('ksweep-x-1', pods)));
});

test('the base’s workload is one that can be run, with the base’s own image', () => {
  const { workload } = loadWorkload(source('base', 'workload.yaml'));
  assert.is(workload.load.hosts, 'kubernetes');
  const { image } = workload.load.kubernetes ?? {};
  assert.ok(readFileSync(source('base', 'coordinator.yaml'), 'utf8').includes(`image: ${image}\n`));
});

test('the Dockerfile keeps hadolint’s rules', async () => {
  const good = await ended(join(bin, 'hadolint'), source('Dockerfile'));
  assert.is(good.status, 0, good.output);
  const text = readFileSync(source('Dockerfile'), 'utf8');
  assert.match(text, /\nUSER 1000:1000\n/);
  const bad = join(folder, 'Dockerfile');
  writeFileSync(
    bad,
    text.replaceAll('node:22-bookworm-slim', 'node').replace('apt-get install -y', 'apt-get install'),
  );
  const { output } = await ended(join(bin, 'hadolint'), bad);
  assert.match(output, 'DL3006');
  assert.match(output, 'DL3014');
});

test('the shell that tries it on kind parses', async () => {
  const { status, output } = await ended('bash', '-n', source('kind', 'test.sh'));
  assert.is(status, 0, output);
});

test.run();
