import * as assert from 'uvu/assert';
import { complaintsOf, podsOf, zonesOf } from '../../../../bench/load/kubernetes/pods.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what kubectl tells of pods');

const INDEX = 'batch.kubernetes.io/job-completion-index';

const podOf = (status: Record<string, unknown>, metadata: Record<string, unknown> = {}) => {
  const pod = { metadata: { name: 'job-1-abcde', annotations: { [INDEX]: '1' }, ...metadata }, status };
  return podsOf(JSON.stringify({ items: [pod] }))[0];
};
const container = (state: Record<string, unknown>, phase = 'Pending') => ({
  phase,
  containerStatuses: [{ name: 'agent', state }],
});

test('a pod that runs has its index, node and zone', () => {
  const labels = { 'topology.kubernetes.io/zone': 'eu-central-1a' };
  const json = JSON.stringify({
    items: [
      {
        metadata: { name: 'job-2-abcde', labels: { ...labels, [INDEX]: '2' } },
        spec: { nodeName: 'worker' },
        status: container({ running: {} }, 'Running'),
      },
    ],
  });
  assert.equal(podsOf(json), [
    {
      name: 'job-2-abcde',
      index: 2,
      node: 'worker',
      zone: 'eu-central-1a',
      running: true,
      why: null,
      hopeless: false,
    },
  ]);
});

test('why one does not run, and whether it may yet', () => {
  const cases: readonly (readonly [Record<string, unknown>, string | null, boolean])[] = [
    [container({ waiting: { reason: 'ContainerCreating' } }), null, false],
    [{}, null, false],
    [
      container({ waiting: { reason: 'ErrImagePull', message: 'no route' } }),
      'ErrImagePull: no route',
      false,
    ],
    [
      container({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } }),
      'ImagePullBackOff: Back-off pulling image "x"',
      true,
    ],
    [
      container({ waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } }),
      'CreateContainerConfigError: secret "x" not found',
      true,
    ],
    [
      {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes are available',
          },
        ],
      },
      'Unschedulable: 0/3 nodes are available',
      false,
    ],
    [
      container({ terminated: { exitCode: 1, reason: 'Error', message: 'no\nsuch file\n' } }, 'Failed'),
      'its container exited with status 1: no | such file',
      true,
    ],
    [
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' },
      'it has Failed: The node was low on memory',
      true,
    ],
  ];
  for (const [status, why, hopeless] of cases) {
    const pod = podOf(status);
    assert.equal([pod?.running, pod?.why, pod?.hopeless], [false, why, hopeless], JSON.stringify(status));
  }
});

test('one that is being deleted is none to count on', () => {
  const pod = podOf(container({ running: {} }, 'Running'), { deletionTimestamp: '2026-12-01T00:00:00Z' });
  assert.equal([pod?.running, pod?.why, pod?.hopeless], [false, 'it was deleted', true]);
});

test('warnings about the Job and its pods alone, each once', () => {
  const event = (kind: string, name: string, reason: string, message: string, type = 'Warning') => ({
    type,
    reason,
    message,
    involvedObject: { kind, name },
  });
  const quota = 'pods "job-0" is forbidden: exceeded quota: few';
  const items = [
    event('Job', 'job', 'FailedCreate', quota),
    event('Job', 'job', 'FailedCreate', quota),
    event('Job', 'job-other', 'FailedCreate', 'not ours'),
    event('Pod', 'job-0-abcde', 'FailedMount', 'secret "kafka" not found'),
    event('Pod', 'job-0-abcde', 'FailedScheduling', 'in the pod itself'),
    event('Pod', 'other-0', 'FailedMount', 'not ours'),
    event('Job', 'job', 'SuccessfulCreate', 'made', 'Normal'),
  ];
  assert.equal(complaintsOf(JSON.stringify({ items }), 'job'), [
    { text: `FailedCreate: ${quota}`, hopeless: true },
    { text: 'FailedMount: secret "kafka" not found', hopeless: false },
  ]);
});

test('zones of the nodes that have one', () => {
  const items = [
    { metadata: { name: 'a', labels: { 'topology.kubernetes.io/zone': 'z1' } } },
    { metadata: { name: 'b' } },
  ];
  assert.equal([...zonesOf(JSON.stringify({ items }))], [['a', 'z1']]);
});

test.run();
