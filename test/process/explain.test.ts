import * as assert from 'uvu/assert';
import { ksweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const test = suite('ksweep explain, as a command');

test('the command explains, lists, and refuses with the nearest name', async () => {
  const told = await ksweep(['explain', 'lag-growing']);
  assert.is(told.code, 0, told.stderr);
  assert.match(told.stdout, /^lag-growing \(reason\)\n {2}.+\n {2}next: .+\n$/);
  const json = JSON.parse((await ksweep(['explain', 'broker-unreachable', '--json'])).stdout);
  assert.is(json[0].kind, 'error');
  const all = await ksweep(['explain']);
  for (const one of ['due-to-ack', 'lag.max', 'generator-limit', 'no data', 'disk-full'])
    assert.ok(all.stdout.includes(one), one);
  for (const line of all.stdout.split('\n')) assert.ok(line.length <= 80, line);
  const wrong = await ksweep(['explain', 'lag-growin']);
  assert.is(wrong.code, 1);
  assert.match(wrong.stderr, 'did you mean lag-growing?');
});

test.run();
