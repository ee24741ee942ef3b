import * as assert from 'uvu/assert';
import { failureOf, Kubectl } from '../../../../bench/load/kubernetes/kubectl.ts';
import { parseKubernetes, podHosts } from '../../../../bench/load/kubernetes/where.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('kubectl’s words');

test('kubernetes and kubernetes:NAMESPACE, and nothing else that looks like it', () => {
  assert.equal(parseKubernetes('kubernetes', 'x'), { namespace: null });
  assert.equal(parseKubernetes('kubernetes:bench', 'x'), { namespace: 'bench' });
  assert.is(parseKubernetes('ssh:kubernetes', 'x'), null);
  for (const bad of ['kubernetes:', 'kubernetes:Bench', 'kubernetes:-n', 'kubernetes:a b']) {
    assert.throws(
      () => parseKubernetes(bad, '--load-hosts'),
      /--load-hosts kubernetes:.*is no namespace/,
      bad,
    );
  }
  assert.equal(podHosts(2), ['pod-0', 'pod-1']);
});

test('the namespace is named where one was, and whatever ends by itself has a limit', () => {
  assert.equal(new Kubectl(null).words('exec', 'pod'), ['kubectl', 'exec', 'pod']);
  assert.equal(new Kubectl('bench').words('exec', 'pod'), ['kubectl', 'exec', '--namespace', 'bench', 'pod']);
  assert.equal(new Kubectl(null).words('get', 'pods'), ['kubectl', 'get', '--request-timeout=20s', 'pods']);
});

test('each failure has its cause and a next step', () => {
  const cases: readonly (readonly [Record<string, unknown>, RegExp, RegExp])[] = [
    [{ code: 'ENOENT' }, /failed: there is no kubectl/, /install it/],
    [
      { code: 1, stderr: 'Error from server (Forbidden): jobs is forbidden: User "x" cannot create' },
      /cannot create/,
      /infra\/kubernetes\/base\/rights/,
    ],
    [
      { code: 1, stderr: 'Error from server (Forbidden): jobs.batch "x" is forbidden: exceeded quota: few' },
      /exceeded quota/,
      /raise the quota/,
    ],
    [
      { code: 1, stderr: 'Error from server (NotFound): namespaces "bench" not found\n' },
      /"bench" not found/,
      /make the namespace/,
    ],
    [
      {
        code: 1,
        stderr: 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host?',
      },
      /was refused/,
      /cluster-info/,
    ],
    [{ code: null, killed: true, stderr: '' }, /no answer within 60 s/, /cluster-info/],
    [
      { code: 1, stderr: 'E1201 01:29:26.952760 31053 memcache.go:265] connection refused\nerror: alas' },
      /failed: error: alas$/,
      /by hand/,
    ],
    [{ code: 1, stderr: 'error: something else' }, /something else/, /by hand: kubectl get pods/],
  ];
  for (const [failure, message, hint] of cases) {
    const error = failureOf('looking', ['kubectl', 'get', 'pods'], { message: 'Command failed', ...failure });
    assert.is(error.code, 'kubernetes-failed');
    assert.match(error.message, message);
    assert.match(error.hint ?? '', hint);
  }
});

test.run();
