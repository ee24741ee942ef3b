import * as assert from 'uvu/assert';
import { jobName, jobOf } from '../../../../bench/load/kubernetes/job.ts';
import { kubernetesSchema } from '../../../../bench/workload/kubernetes-schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('the Job of a run');

const pods = (input: Record<string, unknown>) => kubernetesSchema.parse({ image: 'ksweep:1', ...input });

interface Seen {
  readonly spec: Record<string, unknown> & {
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: Record<string, unknown> & {
        readonly containers: readonly [Record<string, unknown>];
        readonly volumes: readonly unknown[];
      };
    };
  };
}
const seen = (input: Record<string, unknown>): Seen => jobOf('ksweep-x-1', pods(input)) as unknown as Seen;

test('is indexed, starts no pod again, and ends by itself whoever is left', () => {
  const { spec } = seen({ pods: 3, activeDeadlineSeconds: 7200, ttlSecondsAfterFinished: 60 });
  assert.equal(
    [spec['completionMode'], spec['completions'], spec['parallelism'], spec['backoffLimit']],
    ['Indexed', 3, 3, 0],
  );
  assert.equal([spec['activeDeadlineSeconds'], spec['ttlSecondsAfterFinished']], [7200, 60]);
  assert.is(spec.template.spec['restartPolicy'], 'Never');
});

test('one node has one agent', () => {
  const { template } = seen({}).spec;
  const affinity = JSON.stringify(template.spec['affinity']);
  assert.match(affinity, /podAntiAffinity.*required.*"topologyKey":"kubernetes.io\/hostname"/);
  assert.is(template.metadata.labels['app.kubernetes.io/name'], 'ksweep-agent');
  assert.ok(affinity.includes('{"app.kubernetes.io/name":"ksweep-agent"}'));
});

test('what the workload says of nodes, account and resources is in it', () => {
  const { spec } = seen({
    nodeSelector: { 'ksweep/benchmark': 'true' },
    tolerations: [{ key: 'load', operator: 'Exists', effect: 'NoSchedule' }],
    serviceAccountName: 'load',
    resources: { requests: { cpu: 4 }, limits: { cpu: 4, memory: '8Gi' } },
  }).spec.template;
  assert.equal(spec['nodeSelector'], { 'ksweep/benchmark': 'true' });
  assert.equal(spec['tolerations'], [{ key: 'load', operator: 'Exists', effect: 'NoSchedule' }]);
  assert.is(spec['serviceAccountName'], 'load');
  assert.is(spec['automountServiceAccountToken'], false);
  assert.equal(spec.containers[0]['resources'], {
    requests: { cpu: 4 },
    limits: { cpu: 4, memory: '8Gi' },
  });
});

test('secrets are mounted by name, read-only', () => {
  const { spec } = seen({ mounts: [{ name: 'kafka-client', mountPath: '/etc/kafka' }] }).spec.template;
  assert.equal(spec.volumes[1], {
    name: 'secret-0',
    secret: { secretName: 'kafka-client', defaultMode: 0o440 },
  });
  assert.equal((spec.containers[0]['volumeMounts'] as unknown[])[1], {
    name: 'secret-0',
    mountPath: '/etc/kafka',
    readOnly: true,
  });
});

test('runs as nobody of importance, on a file system that it cannot write', () => {
  const { spec } = seen({}).spec.template;
  assert.match(JSON.stringify(spec['securityContext']), /"runAsNonRoot":true,"runAsUser":1000/);
  assert.equal(spec.containers[0]['securityContext'], {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('its name leaves room for a pod’s in 63 letters, and is a legal one', () => {
  assert.is(jobName('quickstart', 'a1b2c3'), 'ksweep-quickstart-a1b2c3');
  const long = jobName('a-workload-with-a-very-long-name-that-goes-on', 'a1b2c3');
  assert.ok(long.length <= 40 && long.endsWith('-a1b2c3'), long);
  assert.is(jobName('a-workload-with-a-very-long---name', 'a1b2c3').includes('--a1b2c3'), false);
});

test('what is no setting of a pod is refused', () => {
  const refused: readonly Record<string, unknown>[] = [
    { image: '' },
    { image: '--privileged' },
    { pods: 0 },
    { nodeselector: {} },
    { resources: { requests: { memory: '2 gigabytes' } } },
    { tolerations: [{ operator: 'exists' }] },
    { mounts: [{ name: 'Kafka_Client', mountPath: '/etc/kafka' }] },
    { mounts: [{ name: 'kafka-client', mountPath: 'etc/kafka' }] },
    { activeDeadlineSeconds: '1h' },
  ];
  for (const input of refused) assert.throws(() => pods(input), /./, JSON.stringify(input));
});

test.run();
