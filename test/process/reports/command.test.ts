import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cliFile } from '../../../bench/common/package-root.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ksweep report and plot');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
let dir = '';
test.before(async () => {
  dir = await writeRunFolder(root, {
    axes: { 'linger.ms': [0, 20] },
    blocks: 2,
    measuredSec: 3,
    thresholds: ['due-to-ack p50 < 5ms'],
  });
});
test.after(() => rmSync(root, { recursive: true, force: true }));

function ksweep(...args: string[]) {
  const cli = cliFile();
  return spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: root });
}

test('report writes every view, prints the table, and exits with what the run came to', () => {
  const { status, stdout, stderr } = ksweep('report', dir);
  assert.is(status, 4, stderr);
  assert.match(stdout, /^.* is lowest with .*\n/);
  assert.match(stdout, /linger 20 ms +│ breach/);
  assert.not.ok(stdout.includes('\u001b'), 'no colour in a pipe');
  for (const name of ['summary.csv', 'repeats.csv', 'report.md', 'report.html', 'report.json', 'junit.xml']) {
    assert.ok(readFileSync(join(dir, name), 'utf8').length > 200, name);
  }
});

test('what was written is written again from the folder alone, the same to the byte', () => {
  const names = ['summary.csv', 'repeats.csv', 'report.md', 'report.html', 'report.json', 'junit.xml'];
  const read = () => names.map((name) => readFileSync(join(dir, name), 'utf8'));
  const before = read();
  for (const name of names) writeFileSync(join(dir, name), '');
  assert.is(ksweep('report', dir).status, 4);
  assert.equal(read(), before);
});

test('--png writes the card, and tells where it can not', () => {
  const file = join(root, 'card.png');
  const { status, stderr } = ksweep('report', dir, '--png', file);
  assert.is(status, 4, stderr);
  assert.match(stderr, file);
  const png = readFileSync(file);
  assert.is(png.toString('latin1', 1, 4), 'PNG');
  assert.equal([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630]);
  const nowhere = ksweep('report', dir, '--png', join(root, 'no', 'card.png'));
  assert.is(nowhere.status, 2);
  assert.match(nowhere.stderr, /cannot write .*card\.png/);
  assert.match(
    ksweep('report', root, '--serve', '0', '--png', file).stderr,
    '--png and --serve do not go together',
  );
});

test('--json prints one document with verdicts and figures', () => {
  const { status, stdout } = ksweep('report', dir, '--json');
  assert.is(status, 4);
  const report = JSON.parse(stdout);
  assert.is(report.status, 4);
  assert.ok(report.answer.sentence.endsWith('.') && ['shown', 'open'].includes(report.answer.state));
  assert.equal(
    report.cells.map((cell: { verdict: string }) => cell.verdict),
    ['pass', 'breach'],
  );
  const p99 = report.cells[0].figures['due-to-ack.p99'];
  assert.is(p99.n, 2);
  assert.ok(p99.min <= p99.median && p99.median <= p99.max);
});

test('a folder that is none exits 1 and says what to give', () => {
  const { status, stdout, stderr } = ksweep('report', join(root, 'nowhere'));
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'there is not a run folder');
  assert.match(stderr, 'next: ');
});

test('plot writes an SVG file, or one to stdout, or text', () => {
  const file = join(root, 'hdr.svg');
  const { status, stdout, stderr } = ksweep('plot', dir, '--type', 'hdr', '-o', file);
  assert.is(status, 0, stderr);
  assert.is(stdout, '');
  const svg = readFileSync(file, 'utf8');
  assert.match(svg, /^<svg /);
  assert.is(ksweep('plot', dir, '--type', 'hdr').stdout, svg);
  const text = ksweep('plot', dir, '--type', 'heatmap', '--metric', 'due-to-ack.p50', '--terminal');
  assert.is(text.status, 0, text.stderr);
  assert.match(text.stdout, 'due→ack p50 in ms over the sweep');
});

test('a plot that cannot be drawn is a usage error', () => {
  for (const args of [['--type', 'hockey'], ['--type', 'pie'], ['--type', 'hdr', '--cell', 'none'], []]) {
    const { status, stderr } = ksweep('plot', dir, ...args);
    assert.is(status, 1, args.join(' '));
    assert.ok(stderr.length > 0);
  }
});

test.run();
