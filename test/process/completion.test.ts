import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { METRICS } from '../../bench/results/metrics.ts';
import { ksweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const test = suite('ksweep completion');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-completion-'));
test.before(async () => {
  mkdirSync(join(dir, 'there', 'results'), { recursive: true });
  writeFileSync(join(dir, 'there', 'resume.yaml'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await ksweep(['completion', shell]);
    assert.is(code, 0, stderr);
    writeFileSync(join(dir, shell), stdout);
  }
});
test.after(() => rmSync(dir, { recursive: true, force: true }));

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

function run(shell: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(shell, words, {
    encoding: 'utf8',
    cwd: join(dir, 'there'),
    env: { ...process.env, HOME: dir, XDG_CONFIG_HOME: dir },
  });
  assert.is(status, 0, stderr);
  assert.is(stderr, '');
  return stdout;
}

const ASK = join(packageRoot(), 'test', 'support', 'complete.bash');
const offered = (line: string): string[] =>
  run('bash', '--norc', ASK, join(dir, 'bash'), line)
    .split('\n')
    .filter((one) => one !== '');

test('bash completes commands, options, and what options take', () => {
  for (const [line, expected] of [
    ['ksweep ru', ['run']],
    ['ksweep size p', ['partitions']],
    ['ksweep run --clu', ['--cluster']],
    ['ksweep run --client ', ['batch', 'confluent']],
    ['ksweep run --client=con', ['confluent']],
    ['ksweep plot somewhere --type h', ['hdr', 'hockey', 'heatmap']],
    ['ksweep completion ', ['bash', 'zsh', 'fish']],
    ['ksweep codecs --codecs none,z', ['none,zstd']],
    // The value of an option is no command, whatever it is called.
    ['ksweep run --results size --dry', ['--dry-run']],
    ['ksweep run re', ['results', 'resume.yaml']],
    ['ksweep run --against re', ['results']],
    ['ksweep run --calm 3', []],
  ] as const) {
    assert.equal(offered(line).sort(), [...expected].sort(), line);
  }
  const commands = offered('ksweep ');
  for (const one of ['init', 'run', 'nightly', 'completion']) assert.ok(commands.includes(one), one);
  assert.equal(
    offered('ksweep compare a b --metric '),
    METRICS.map(({ key }) => key),
  );
});

test('bash completes settings of a workload and the values of those that have a few', () => {
  const settings = offered('ksweep run w.yaml --set ');
  for (const one of ['linger.ms=', 'partitions=', 'load.rate=', 'consumer.fetch.min.bytes=', 'acks=']) {
    assert.ok(settings.includes(one), one);
  }
  // Both roles have it, so it does not stand alone.
  assert.not.ok(settings.includes('request.timeout.ms='));
  // Readline has the part before the = on the line already.
  assert.equal(offered('ksweep run --set compression.type=z'), ['zstd']);
  assert.equal(offered('ksweep run --set producer.enable.idempotence='), ['true', 'false']);
  assert.equal(offered('ksweep run --set load.arrivals=p'), ['poisson']);
});

test('every script is one that its shell can read', () => {
  for (const shell of ['bash', 'zsh', 'fish'].filter(isThere)) run(shell, '-n', join(dir, shell));
});

test('fish completes the same, where it is installed', () => {
  if (!isThere('fish')) return;
  const asked = (line: string): string[] =>
    run('fish', '--no-config', '-c', `source ${join(dir, 'fish')}; complete -C '${line}'`)
      .split('\n')
      .map((one) => one.split('\t')[0] ?? '')
      .filter((one) => one !== '');
  assert.equal(asked('ksweep run --client '), ['batch', 'confluent']);
  assert.equal(asked('ksweep run --set compression.type=z'), ['compression.type=zstd']);
  assert.equal(asked('ksweep run --results size --dry'), ['--dry-run']);
  assert.equal(asked('ksweep size p'), ['partitions']);
});

test('another shell is refused, with the ones that there are', async () => {
  const { code, stderr } = await ksweep(['completion', 'tcsh']);
  assert.is(code, 1);
  assert.match(stderr, 'bash, zsh, fish');
});

test.run();
