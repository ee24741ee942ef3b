import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { plannedPods, wantedPods } from '../../../../bench/cli/run/pods.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { loadWorkload } from '../../../../bench/workload/load.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('pods of a run');

const IMAGE = 'load.kubernetes.image=ksweep:1';
const wanted = (flags: { readonly loadHosts?: string }, ...set: string[]) =>
  wantedPods(flags, loadWorkload(join(packageRoot(), 'workloads', 'quickstart.yaml'), { set }).workload);

test('are wanted where the command or else the workload says so', () => {
  const pods = wanted({ loadHosts: 'kubernetes:bench' }, IMAGE, 'load.kubernetes.pods=2');
  assert.ok(pods !== null);
  assert.equal([pods.namespace, pods.workload], ['bench', 'quickstart']);
  assert.equal(
    plannedPods(pods).map(({ name }) => name),
    ['pod-0', 'pod-1'],
  );
  assert.is(wanted({}, IMAGE, 'load.hosts=kubernetes')?.namespace, null);
  assert.is(wanted({ loadHosts: 'local' }, IMAGE, 'load.hosts=kubernetes'), null);
  assert.is(wanted({}, IMAGE), null);
});

test('need an image', () => {
  assert.throws(
    () => wanted({}, 'load.hosts=kubernetes'),
    /load\.hosts kubernetes: the workload does not say what the pods are/,
  );
});

test.run();
