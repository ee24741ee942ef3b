import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { simulatedMeasure, simulatedWorkload, templateResult } from '../../../support/simulated-night.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('ksweep history');
const root = mkdtempSync(join(tmpdir(), 'ksweep-history-cli-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const cli = join(import.meta.dirname, '..', '..', '..', '..', 'bench', 'cli', 'main.js');
const history = join(root, 'history');
function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const [verb = '', ...rest] = args;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'history', verb, '--history', history, ...rest],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}
const json = (...args: string[]): Record<string, unknown> =>
  JSON.parse(run(...args, '--json').stdout) as Record<string, unknown>;

const folders: string[] = [];
test.before(async () => {
  const template = await templateResult();
  for (const [i, factor] of [1, 1.01, 1.3].entries()) {
    const environment = { slowdown: () => factor, sigma: 0.001, hostname: i === 2 ? 'new-host' : 'old-host' };
    const loaded = simulatedWorkload('imported', 2, 3);
    const { dir } = await simulatedMeasure(
      template,
      i,
      environment,
    )({
      step: 'suite',
      loaded,
      plan: loaded.plan,
      target: { resultsDir: join(root, `results-${i}`) },
      signal: new AbortController().signal,
    });
    // Each run on a day of its own.
    const file = join(dir, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { createdAt: string };
    rmSync(file);
    appendFileSync(file, JSON.stringify({ ...manifest, createdAt: `2026-03-0${i + 1}T01:00:00.000Z` }));
    folders.push(dir);
  }
});

test('run folders become nights at their own time, once, in any order', () => {
  const [a = '', b = '', c = ''] = folders;
  const first = run('import', c, a, '--label', 'v1');
  assert.is(first.status, 0, first.stderr);
  const again = run('import', a, b);
  assert.match(again.stderr, 'the history has it already');
  const { series } = json('list') as { series: { nights: number; first: string; last: string }[] };
  assert.ok(series.length >= 8);
  for (const one of series)
    assert.equal([one.nights, one.first, one.last], [3, '20260301T010000Z', '20260303T010000Z']);
});

test('list and show print tables for people', () => {
  assert.match(run('list').stdout, /imported\/linger\.ms=0\/due-to-ack\.p50 +3 /);
  const shown = run('show', 'linger.ms=1/due-to-ack.p50').stdout;
  assert.match(shown, '20260303T010000Z');
  assert.not.match(shown, 'linger.ms=0');
});

test('show --around says what differed in the environment', () => {
  const around = run('show', '--around', '2026-03-03').stdout;
  assert.match(around, /generator\.hostname +old-host +new-host/);
  assert.match(around, /\+(28|29|30)\.\d %/);
  const quiet = json('show', '--around', '2026-03-02') as { environment: { name: string }[] };
  assert.equal(
    quiet.environment.filter(({ name }) => name !== 'label'),
    [],
  );
  assert.match(run('show', '--around', '2026-03-01').stderr, 'is the first one');
});

test('accept and forget are lines with who and why, and nothing is rewritten', () => {
  const file = (): string => {
    const cell = join(history, 'series', 'imported', 'linger.ms=0');
    return readFileSync(join(cell, 'due-to-ack.p50.ndjson'), 'utf8');
  };
  const before = file();
  const accepted = run(
    'accept',
    '--night',
    '2026-03-03',
    '--series',
    'linger.ms=0',
    '--by',
    'ann',
    '--why',
    'new disks',
  );
  assert.is(accepted.status, 0, accepted.stderr);
  assert.ok(file().startsWith(before));
  assert.match(file(), '"type":"accepted"');
  assert.match(file(), '"by":"ann","why":"new disks"');
  assert.match(
    run('show', 'linger.ms=0/due-to-ack.p50').stdout,
    'accepted: 20260303T010000Z by ann: new disks',
  );
  assert.is(run('forget', '--night', '20260302', '--why', 'fan broke').status, 0);
  assert.ok(file().startsWith(before));
  const { series } = json('list') as { series: { nights: number }[] };
  assert.ok(series.every(({ nights }) => nights === 2));
});

test('what does not fit is refused with the nearest that does', () => {
  for (const [args, expected] of [
    [['show', 'due-to-ack.p5O'], 'did you mean due-to-ack.p50?'],
    [['show', '--around', '2020-01-01'], 'there is no night 2020-01-01'],
    [['show', '--around', '2026'], 'several nights begin with 2026'],
    [['forget', '--why', 'x'], '--night or --all'],
    [['accept', '--night', '2026-03-03'], '--why'],
    [['import', join(root, 'nothing')], 'there is not a run folder'],
  ] as const) {
    const { status, stderr } = run(...args);
    assert.is(status, 1, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, expected);
  }
  const elsewhere = spawnSync(process.execPath, [cli, 'history', 'list', '--history', join(root, 'none')], {
    encoding: 'utf8',
  });
  assert.is(elsewhere.status, 1);
  assert.match(elsewhere.stderr, 'holds no history');
});

test('a damaged line is named by list and show, and the rest is there', () => {
  const dir = join(history, 'series', 'imported', 'linger.ms=1');
  const [name = ''] = readdirSync(dir);
  appendFileSync(join(dir, name), '{"v":9,"type":"night"}\n');
  const { status, stdout } = run('list');
  assert.is(status, 0);
  assert.match(stdout, 'schema version 9');
  assert.match(run('show', 'linger.ms=1').stderr, 'schema version 9');
});

test.run();
