import { spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { chooseClient } from '../../bench/client/choose.ts';
import { createClock } from '../../bench/common/clock.ts';
import { KsweepError } from '../../bench/common/errors.ts';
import { cliFile } from '../../bench/common/package-root.ts';
import { Agent } from '../../bench/load/agent/agent.ts';
import { Agents } from '../../bench/load/agent/agents.ts';
import { estimateOffset } from '../../bench/load/agent/clock-offset.ts';
import type { ExaminedHost } from '../../bench/load/agent/examine.ts';
import { ownHello } from '../../bench/load/agent/hello.ts';
import { ksweep } from '../support/cli.ts';
import { isRunning } from '../support/processes.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('an agent on standard streams', { timeoutMs: 60_000 });

const COMMAND = [process.execPath, cliFile(), 'agent', '--stdio'];
const host = (command: readonly string[]) => ({ name: 'far', command, rack: null });
const shell = (script: string) => host(['sh', '-c', script]);

/** How connecting is refused. */
async function refusal(script: string): Promise<KsweepError> {
  const agents = new Agents([shell(script)]);
  try {
    await agents.connect(chooseClient().name);
  } catch (error) {
    assert.instance(error, KsweepError);
    return error as KsweepError;
  } finally {
    agents.kill();
  }
  throw new Error('was not refused');
}

/** An agent with one generator's listener; `ended` says how it ended. */
function watched(): { readonly agent: Agent; readonly ended: Promise<string> } {
  const agent = new Agent(host(COMMAND), createClock());
  const ended = new Promise<string>((resolve) =>
    agent.listen('producer-0', { onMessage() {}, onEnded: (how) => resolve(how) }),
  );
  return { agent, ended };
}

test('says hello, answers with times of its own, and ends when it is let go', async () => {
  const agents = new Agents([host(COMMAND)]);
  await agents.connect(chooseClient().name);
  const agent = agents.of(agents.hosts[0] as (typeof agents.hosts)[number]);
  assert.ok(agent !== undefined);
  const { freeMemoryBytes: _, ...hello } = await agent.hello;
  const { freeMemoryBytes: __, ...own } = ownHello();
  assert.equal(hello, own);
  await agent.exchange(10);
  const offset = estimateOffset(agent.exchanges);
  // One machine, one clock.
  const now = createClock().nowUs();
  assert.ok(Math.abs(offset.at(now)) <= offset.errorUs(now), `${offset.at(now)} ± ${offset.errorUs(now)}`);
  const { pid } = agent;
  await agents.exit();
  assert.not.ok(isRunning(pid as number));
});

test('another version is refused, with the command that mends it', async () => {
  const hello = JSON.stringify({ ...ownHello(), version: '9.9.9' });
  const error = await refusal(`echo 'ksweep-agent ${hello}'; cat > /dev/null`);
  assert.is(error.code, 'load-host-failed');
  assert.match(error.message, /load host far has ksweep 9\.9\.9, and this is \d/);
  assert.match(error.hint ?? '', /npm install --global ksweep@\d/);
});

test('a login banner, and what is no hello, are shown', async () => {
  const banner = await refusal('echo "Welcome to far"; cat > /dev/null');
  assert.match(
    banner.message,
    /load host far said "Welcome to far" where an agent says hello; .*login banner/,
  );
  const half = await refusal('echo "ksweep-agent {"; cat > /dev/null');
  assert.match(half.message, /said "ksweep-agent \{" where an agent says hello/);
});

test('garbage behind the hello ends it with what came', async () => {
  const hello = JSON.stringify(ownHello());
  const agent = new Agent(
    shell(`echo 'ksweep-agent ${hello}'; sleep 0.2; echo garbage here; cat > /dev/null`),
    createClock(),
  );
  const ended = await new Promise<string>((resolve) =>
    agent.listen('producer-0', { onMessage() {}, onEnded: resolve }),
  );
  assert.is(ended, 'on load host far no frame of ksweep\'s: "garbage here"');
});

test('a command that is not there says so itself', async () => {
  const error = await refusal('no-such-ksweep agent --stdio');
  assert.match(error.message, /agent on load host far exited with status 127: .*no-such-ksweep/);
  assert.match(error.hint ?? '', /^try it by hand: sh -c no-such-ksweep/);
});

test('kill -9 of an agent ends its generators with the name of the host', async () => {
  const { agent, ended } = watched();
  await agent.hello;
  process.kill(agent.pid as number, 'SIGKILL');
  assert.is(await ended, 'on load host far was killed by SIGKILL');
  assert.ok(agent.gone);
});

test('an agent that stands still is found by its silence, and ended', async () => {
  const { agent, ended } = watched();
  await agent.hello;
  await agent.exchange(1);
  process.kill(agent.pid as number, 'SIGSTOP');
  assert.is(await ended, 'on load host far has not been heard of for 4.5 s');
  await until('the agent is gone', () => !isRunning(agent.pid as number));
});

test('agents check: what each host has, which ports it reaches, and what is wrong with another', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const words = (where: string) => ['agents', 'check', '--load-hosts', where, '--json'];
  const good = `exec:far:${COMMAND.join(' ')}`;
  const seen = await ksweep([...words(good), '--bootstrap-server', `127.0.0.1:${port},127.0.0.1:1`]);
  server.close();
  const [far] = JSON.parse(seen.stdout) as ExaminedHost[];
  assert.is(seen.code, 2, seen.stderr);
  assert.is(far?.problem, null);
  assert.is(far?.hello?.version, ownHello().version);
  assert.ok(Math.abs(far?.clockOffsetUs ?? Number.NaN) <= (far?.clockErrorUs ?? 0));
  assert.equal((far as unknown as { brokers: unknown }).brokers, [
    { address: `127.0.0.1:${port}`, open: true },
    { address: '127.0.0.1:1', open: false },
  ]);
  const bad = await ksweep(words('exec:far:echo Welcome'));
  assert.is(bad.code, 2);
  assert.match(bad.stdout, /load host far said \\"Welcome\\" where an agent says hello/);
  assert.is((await ksweep(words(good))).code, 0);
});

/** An agent whose coordinator is this test, byte by byte. */
function bare() {
  const child = spawn(COMMAND[0] as string, COMMAND.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const greeted = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  const ended = new Promise<{ status: number | null; stderr: string }>((resolve) =>
    child.once('close', (status) => resolve({ status, stderr })),
  );
  return { child, greeted, ended };
}

test('an agent whose coordinator falls silent, with the channel open, ends by itself', async () => {
  const { ended } = bare();
  assert.is((await ended).status, 0);
});

test('an agent whose channel is gone ends by itself', async () => {
  const { child, greeted, ended } = bare();
  await greeted;
  child.stdin.destroy();
  child.stdout.destroy();
  assert.is((await ended).status, 0);
});

test('an agent that is told garbage says so on the standard error', async () => {
  const { child, greeted, ended } = bare();
  await greeted;
  child.stdin.write('GET / HTTP/1.1\r\n\r\n');
  const { status, stderr } = await ended;
  assert.is(status, 2);
  assert.match(stderr, /ksweep agent: no frame of ksweep's: "GET \/ HTTP\/1\.1"/);
});

test.run();
