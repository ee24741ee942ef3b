import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Journal } from '../../../../infra/ec2/journal.ts';
import { clientToken } from '../../../../infra/ec2/launch.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('the journal of a provisioned cluster');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-journal-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const launching = {
  event: 'launching',
  host: 'kafka01',
  role: 'broker',
  token: 't',
  instanceType: 'm7g.large',
  zone: 'us-east-1a',
  market: 'on-demand',
  candidate: 0,
  attempt: 0,
} as const;

test('remembers a launch, its instance, and that it was given up', () => {
  const journal = new Journal(join(folder, 'a'));
  assert.is(journal.launchOf('kafka01'), undefined);
  journal.append(launching);
  assert.is(journal.launchOf('kafka01')?.instanceId, null);
  journal.append({ event: 'launched', host: 'kafka01', instanceId: 'i-1' });
  assert.is(new Journal(join(folder, 'a')).launchOf('kafka01')?.instanceId, 'i-1');
  journal.append({ event: 'given-up', role: 'broker', candidate: 0, reason: 'no capacity' });
  assert.is(journal.launchOf('kafka01'), undefined);
});

test('a line cut off by a kill is dropped, and the next one stands on its own', () => {
  const journal = new Journal(join(folder, 'b'));
  journal.append(launching);
  const file = join(folder, 'b', 'journal.ndjson');
  appendFileSync(file, '{"event":"launched","ho');
  const again = new Journal(join(folder, 'b'));
  assert.is(again.launchOf('kafka01')?.instanceId, null);
  again.append({ event: 'launched', host: 'kafka01', instanceId: 'i-2' });
  assert.is(new Journal(join(folder, 'b')).launchOf('kafka01')?.instanceId, 'i-2');
  assert.is(readFileSync(file, 'utf8').trim().split('\n').length, 2);
});

test('a damaged line in the middle is named, with the way out', () => {
  const file = join(folder, 'b', 'journal.ndjson');
  appendFileSync(file, 'nonsense\n');
  assert.throws(() => new Journal(join(folder, 'b')), /journal\.ndjson:3 is no JSON/);
});

test('a closed journal begins anew', () => {
  const journal = new Journal(join(folder, 'a'));
  journal.close();
  assert.is(new Journal(join(folder, 'a')).lines.length, 0);
});

test('tokens are of 64 characters, the same for one attempt, different for any other', () => {
  const token = clientToken('abc', 'kafka01', 0, 0);
  assert.match(token, /^[0-9a-f]{64}$/);
  assert.is(token, clientToken('abc', 'kafka01', 0, 0));
  const others = [
    clientToken('abd', 'kafka01', 0, 0),
    clientToken('abc', 'kafka02', 0, 0),
    clientToken('abc', 'kafka01', 1, 0),
    clientToken('abc', 'kafka01', 0, 1),
  ];
  assert.is(new Set([token, ...others]).size, 5);
});

test.run();
