import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createClock } from '../../bench/common/clock.ts';
import { cliFile } from '../../bench/common/package-root.ts';
import { Agent } from '../../bench/load/agent/agent.ts';
import { ksweep, startKsweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('what holds a pod', { timeoutMs: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'ksweep-hold-'));
const env = { ...process.env, KSWEEP_HOLD: join(folder, 'hold.sock') };
test.after(() => rmSync(folder, { recursive: true, force: true }));

const agent = (): ChildProcess =>
  spawn(process.execPath, [cliFile(), 'agent', '--stdio'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', resolve));

test('ends where no agent comes', async () => {
  assert.is((await ksweep(['agent', '--hold', '60s', '--first', '1s'], env)).code, 0);
});

test('stays while an agent is there, and ends when the last one was killed', async () => {
  const holder = startKsweep(['agent', '--hold', '100ms', '--first', '60s'], env);
  let gone = false;
  void holder.ended.then(() => {
    gone = true;
  });
  await until('it is there', () => existsSync(env.KSWEEP_HOLD));
  const [first, second] = [agent(), agent()];
  // An agent speaks when it holds the pod.
  for (const one of [first, second]) await new Promise((resolve) => one.stdout?.once('data', resolve));
  first.kill('SIGKILL');
  await ended(first);
  assert.not.ok(gone);
  second.kill('SIGKILL');
  assert.is((await holder.ended).code, 0);
});

test('goes at once where it is asked to, as a container’s first process has to', async () => {
  const holder = startKsweep(['agent', '--hold', '60s'], env);
  await until('it is there', () => existsSync(env.KSWEEP_HOLD));
  holder.child.kill('SIGTERM');
  assert.is((await holder.ended).code, 0);
});

test('an agent in a pod that nobody holds ends, with the reason', async () => {
  const words = [process.execPath, cliFile(), 'agent', '--stdio'];
  const command = ['env', `KSWEEP_HOLD=${join(folder, 'nobody.sock')}`, ...words];
  const alone = new Agent({ name: 'pod-0', command, rack: null }, createClock());
  const how = await new Promise<string>((resolve) =>
    alone.listen('producer-0', { onMessage() {}, onEnded: resolve }),
  );
  assert.match(
    how,
    /^on load host pod-0 exited with status 2: ksweep agent: nobody holds this pod: connect ENOENT/,
  );
});

test('is asked for whole', async () => {
  for (const words of [
    ['agent'],
    ['agent', '--stdio', '--hold', '1s'],
    ['agent', '--stdio', '--first', '1s'],
  ]) {
    const { code, stderr } = await ksweep(words, env);
    assert.is(code, 1, words.join(' '));
    assert.match(stderr, /needs --stdio, or --hold/);
  }
  assert.match((await ksweep(['agent', '--hold', 'soon'], env)).stderr, /--hold soon: expected a duration/);
  assert.match((await ksweep(['agent', '--hold', '1s'])).stderr, /--hold needs the variable KSWEEP_HOLD/);
});

test.run();
