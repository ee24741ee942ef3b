import * as assert from 'uvu/assert';
import { ownHello } from '../../../../bench/load/agent/hello.ts';
import { parseLoadHosts } from '../../../../bench/load/agent/load-hosts.ts';
import {
  checkLook,
  installErrands,
  isPrepared,
  LOOK,
  readLook,
} from '../../../../bench/load/agent/prepare.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('preparing load hosts');

const PACKED = { bytes: new Uint8Array([1, 2, 3]), sha256: 'abc123' };
const LOOKED = { node: 'v20.1.0', npm: '11.0.0', packageSha256: 'abc123' };
const HELLO = { ...ownHello(), client: 'batch' };

test('what a host says of itself is read among whatever else its login prints', () => {
  const said = 'Welcome!\r\nksweep-has node v22.1.0\r\nksweep-has npm 10.9.0\nksweep-has package \n';
  assert.equal(readLook(said), { node: 'v22.1.0', npm: '10.9.0', packageSha256: null });
  assert.equal(readLook('ksweep-has node \nksweep-has npm \nksweep-has package ff00'), {
    node: null,
    npm: null,
    packageSha256: 'ff00',
  });
});

test('a host without Node.js 20 and npm is refused before anything is copied', () => {
  const refusal = (looked: Partial<typeof LOOKED> | Record<'node' | 'npm', null>): string => {
    try {
      checkLook({ ...LOOKED, ...looked }, 'far');
    } catch (error) {
      return (error as Error).message;
    }
    return 'taken';
  };
  assert.is(refusal({}), 'taken');
  assert.is(refusal({ node: 'v20.0.0' }), 'taken');
  assert.is(refusal({ node: 'v18.20.1' }), 'load host far has Node.js v18.20.1');
  assert.is(refusal({ node: null, npm: null }), 'load host far has no Node.js');
  assert.is(refusal({ node: 'v22.0.0', npm: null } as never), 'load host far has no npm');
});

test('left alone is only what says hello with this version, this package and a client to measure with', () => {
  assert.ok(isPrepared(HELLO, LOOKED, PACKED, 'batch'));
  assert.not.ok(isPrepared(null, LOOKED, PACKED, 'batch'));
  assert.not.ok(isPrepared(HELLO, { ...LOOKED, packageSha256: null }, PACKED, 'batch'));
  assert.not.ok(isPrepared(HELLO, { ...LOOKED, packageSha256: 'abc124' }, PACKED, 'batch'));
  assert.not.ok(isPrepared({ ...HELLO, version: '0.0.1' }, LOOKED, PACKED, 'batch'));
  assert.not.ok(isPrepared({ ...HELLO, client: 'confluent' }, LOOKED, PACKED, 'batch'));
  assert.ok(isPrepared({ ...HELLO, client: 'confluent' }, LOOKED, PACKED, 'confluent'));
});

test('the package is copied on standard input, installed, and marked only after that', () => {
  const [copy, install, ...more] = installErrands(PACKED);
  assert.equal(more, []);
  assert.is(copy?.input, PACKED.bytes);
  assert.is(copy?.script, 'mkdir -p "$HOME/.ksweep" && cat > "$HOME/.ksweep/ksweep.tgz"');
  assert.is(install?.input, undefined);
  const steps = install?.script.split(' && ') ?? [];
  assert.match(steps[0] ?? '', /^rm -rf "\$HOME\/\.ksweep\/package\.sha256" /);
  assert.match(steps.at(-3) ?? '', /^CKJS_LINKING=dynamic npm install --global --prefix "\$HOME\/\.ksweep" /);
  assert.is(steps.at(-1), 'echo abc123 > "$HOME/.ksweep/package.sha256"');
});

test('scripts hold nothing that would end their quotes, whatever shell hands them on', () => {
  for (const { script } of [LOOK, ...installErrands(PACKED)]) assert.not.match(script, /['\n!\\]/);
});

test('only ssh hosts have a shell, the one that their agent is started by', () => {
  const [ssh] = parseLoadHosts('ssh:far', '--load-hosts', '.');
  assert.equal(ssh?.shell, ['ssh', '-T', '-o', 'BatchMode=yes', '--', 'far']);
  assert.equal(ssh?.command?.slice(0, -1), ssh?.shell);
  const [exec] = parseLoadHosts('exec:far:ksweep agent --stdio', '--load-hosts', '.');
  assert.is(exec?.shell, undefined);
});

test.run();
