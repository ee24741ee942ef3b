import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a night on EC2');
const root = mkdtempSync(join(tmpdir(), 'ksweep-ec2-night-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const script = join(packageRoot(), 'infra', 'nightly', 'ec2-night.sh');
const fake = join(root, 'ksweep');
const spec = join(root, 'spec.yaml');
writeFileSync(spec, 'ttl: 8h\n');
// Notes what it was called with, then does what the test has put into its variables.
writeFileSync(
  fake,
  `#!/usr/bin/env bash
echo "$*" >> "$CALLS"
case "$1 $2" in
  'infra up') exit "\${UP:-0}" ;;
  'infra down') if [ "$(grep -c 'infra down' "$CALLS")" -le "\${DOWN_FAILS:-0}" ]; then exit 2; fi ;;
  'nightly --workload') if [ -n "\${SLOW:-}" ]; then trap 'echo stopped >> "$CALLS"; exit 3' TERM; sleep 30 & wait $!; fi; exit "\${NIGHT:-0}" ;;
esac
`,
);
chmodSync(fake, 0o755);

let runs = 0;
function environment(more: Record<string, string>): NodeJS.ProcessEnv & { CALLS: string } {
  const CALLS = join(root, `calls-${runs++}`);
  return { ...process.env, KSWEEP: fake, DOWN_PAUSE_SEC: '0', CALLS, ...more };
}
const args = [spec, 'w.yaml', 'history', '--cluster', 'nightly'];
function night(more: Record<string, string> = {}): { status: number | null; calls: string[] } {
  const env = environment(more);
  const { status } = spawnSync(script, args, { env, stdio: 'ignore' });
  return { status, calls: callsOf(env.CALLS) };
}
const callsOf = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
const UP = `infra up --spec ${spec} --yes`;
const DOWN = `infra down --spec ${spec} --yes`;
const NIGHT = 'nightly --workload w.yaml --history history --cluster nightly';

test('up, nightly, down, in this order', () => {
  assert.equal(night(), { status: 0, calls: [UP, NIGHT, DOWN] });
});

test('the night’s status is the script’s, and down runs all the same', () => {
  for (const status of [1, 2, 3, 4, 5]) {
    assert.equal(night({ NIGHT: String(status) }), { status, calls: [UP, NIGHT, DOWN] });
  }
});

test('what could only half be made is removed', () => {
  assert.equal(night({ UP: '2' }), { status: 2, calls: [UP, DOWN] });
});

test('down is tried again, and a cluster that stays is an error whatever the night was', () => {
  assert.equal(night({ DOWN_FAILS: '2' }), { status: 0, calls: [UP, NIGHT, DOWN, DOWN, DOWN] });
  assert.is(night({ DOWN_FAILS: '9', NIGHT: '5' }).status, 2);
});

test('SIGTERM reaches the night, and down still runs', async () => {
  const env = environment({ SLOW: '1' });
  const child = spawn(script, args, { env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  while (!callsOf(env.CALLS).includes(NIGHT)) await wait(10);
  // The fake needs a moment for its trap; until then the signal would end it without a word, and down runs as well.
  child.kill('SIGTERM');
  assert.not((await ended) === 0);
  assert.is(callsOf(env.CALLS).at(-1), DOWN);
});

test('a spec without a TTL starts nothing', () => {
  const bare = join(root, 'bare.yaml');
  writeFileSync(bare, 'region: eu-central-1\n');
  const env = environment({});
  const { status, stderr } = spawnSync(script, [bare, 'w', 'h'], { env, encoding: 'utf8' });
  assert.is(status, 1);
  assert.match(stderr, 'has no ttl');
  assert.equal(callsOf(env.CALLS), []);
  assert.is(spawnSync(script, [], { env }).status, 1);
});

test.run();
