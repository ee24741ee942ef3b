import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import * as assert from 'uvu/assert';
import { parse, parseAllDocuments } from 'yaml';
import { registerNightly } from '../../../../bench/cli/nightly/register.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { loadWorkload } from '../../../../bench/workload/load.ts';
import { workflowSchema } from '../../../support/ready-to-copy.ts';
import { suite } from '../../../support/suite.ts';

interface CronContainer {
  readonly args: readonly string[];
  readonly resources: { readonly requests: unknown; readonly limits: unknown };
}

const test = suite('nightly, ready to copy');
const root = mkdtempSync(join(tmpdir(), 'ksweep-units-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(packageRoot(), 'infra', 'nightly', name), 'utf8');

/** Options of `ksweep nightly` in a command line, and those that it doesn't know. */
function unknownOptions(words: readonly string[]): string[] {
  const program = new Command();
  registerNightly(program);
  const known = new Set(program.commands[0]?.options.map(({ long }) => long));
  return words.filter((word) => word.startsWith('--') && !known.has(word));
}
const nightlyWords = (text: string): string[] =>
  [...text.replaceAll('\\\n', ' ').matchAll(/ksweep nightly ([^\n]*)/g)].flatMap(([, line = '']) =>
    line.split(/\s+/),
  );

const UNITS = ['ksweep-nightly.service', 'ksweep-nightly-resume.service', 'ksweep-nightly.timer'];

/** What systemd finds wrong with the units, with a program that exists and the changes of a test. */
function verify(change: (text: string, name: string) => string = (text) => text): {
  status: number | null;
  output: string;
} {
  for (const name of UNITS) {
    writeFileSync(
      join(root, name),
      change(read(name).replaceAll('/usr/local/bin/ksweep', process.execPath), name),
    );
  }
  const { status, stdout, stderr, error } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', '--recursive-errors=no', ...UNITS.map((name) => join(root, name))],
    { encoding: 'utf8' },
  );
  if (error !== undefined) throw error;
  return { status, output: `${stdout}${stderr}` };
}

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

/** Keys of systemd.service(5), systemd.exec(5), systemd.timer(5) and systemd.unit(5) that the units use. */
const UNIT_KEYS: Readonly<Record<string, readonly string[]>> = {
  Unit: ['Description', 'Wants', 'After'],
  Service: [
    'Type',
    'User',
    'StateDirectory',
    'WorkingDirectory',
    'Environment',
    'ExecStart',
    'SuccessExitStatus',
    'TimeoutStartSec',
    'TimeoutStopSec',
    'LimitNOFILE',
    'Nice',
    'PrivateTmp',
    'ProtectSystem',
    'ProtectHome',
    'NoNewPrivileges',
  ],
  Timer: ['OnCalendar', 'Persistent', 'AccuracySec', 'Unit'],
  Install: ['WantedBy'],
};

function unitProblems(text: string): string[] {
  const problems: string[] = [];
  let section = '';
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const head = /^\[(\w+)\]$/.exec(line);
    if (head !== null) section = head[1] ?? '';
    else if (!UNIT_KEYS[section]?.includes(line.split('=')[0] ?? '')) problems.push(`[${section}] ${line}`);
  }
  return problems;
}

test('the systemd units hold only what systemd knows, and name options that exist', () => {
  for (const name of UNITS) assert.equal(unitProblems(read(name)), []);
  assert.is(unitProblems(read('ksweep-nightly.timer').replace('OnCalendar', 'OnCalender')).length, 1);
  for (const name of UNITS.slice(0, 2)) {
    const words = nightlyWords(read(name));
    assert.ok(words.length > 5);
    assert.equal(unknownOptions(words), []);
  }
  assert.equal(unknownOptions(['--histroy']), ['--histroy']);
});

if (hasSystemd) {
  test('systemd itself accepts the units, and refuses them when they are wrong', () => {
    const good = verify();
    assert.is(good.status, 0, good.output);
    assert.is(good.output.trim(), '');
    const misspelt = verify((text) => text.replace('TimeoutStartSec=6h', 'TimeoutStartSecs=6h'));
    assert.match(misspelt.output, 'TimeoutStartSecs');
    const wrongTime = verify((text) => text.replace('01:00:00', '25:00:00'));
    assert.match(`${wrongTime.output}`, /calendar|OnCalendar/i);
    const gone = verify((text) => text.replaceAll(process.execPath, '/nonexistent/ksweep'));
    assert.not(gone.status === 0 && gone.output.trim() === '');
  });
}

test('the workflow keeps GitHub’s syntax, and its options exist', () => {
  const text = read('github-workflow.yml');
  const parsed = workflowSchema.safeParse(parse(text));
  assert.ok(parsed.success, parsed.error?.message);
  assert.equal(unknownOptions(nightlyWords(text)), []);
  for (const [from, to] of [
    ['timeout-minutes: 330', 'timeout-minute: 330'],
    ['cron: "17 1 * * *"', 'cron: "17 1 * *"'],
    ['uses: actions/setup-node@v4', 'uses: actions/setup-node'],
    ['    steps:', '    step:'],
    ['        id: night', '        uses: a/b@v1'],
  ] as const) {
    assert.ok(text.includes(from), from);
    assert.not(workflowSchema.safeParse(parse(text.replace(from, to))).success, to);
  }
});

test('the shell of the workflow and of the EC2 night parses', () => {
  const workflow = workflowSchema.parse(parse(read('github-workflow.yml')));
  const scripts = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  for (const script of [...scripts, read('ec2-night.sh')]) {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    assert.is(status, 0, stderr);
  }
  assert.not(spawnSync('bash', ['-n'], { input: 'if [ x ]; then', encoding: 'utf8' }).status === 0);
});

test('the CronJob’s options exist, and its cores are its own', () => {
  const text = readFileSync(join(packageRoot(), 'infra', 'kubernetes', 'nightly', 'cronjob.yaml'), 'utf8');
  const [, job] = parseAllDocuments(text);
  const path = ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0];
  const container = (job?.getIn(path) as { toJSON(): CronContainer } | undefined)?.toJSON();
  assert.is(container?.args[0], 'nightly');
  assert.equal(unknownOptions(container?.args ?? []), []);
  assert.equal(container?.resources.requests, container?.resources.limits);
});

test('the shipped suite and canary are workloads that can be run, and the canary sweeps nothing', () => {
  const load = (name: string) => loadWorkload(join(packageRoot(), 'workloads', name));
  assert.is(load('nightly.yaml').plan.cells.length, 6);
  const canary = load('nightly-canary.yaml');
  assert.equal(
    canary.plan.cells.map(({ settings }) => settings),
    [{}],
  );
  assert.ok(canary.plan.repeats.length >= 3);
});

test.run();
