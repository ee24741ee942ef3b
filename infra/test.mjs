// npm test: every compiled test, or those whose path holds one of the arguments.
// Not among them: test/infra/nspawn and test/infra/playbooks, which boot systems and have a command of their own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { failedFiles, removeStale, selectTests } from './setup/test-files.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, 'dist', 'test');
const list = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true }).map((name) => join('test', String(name)))
    : [];

const sources = list(join(root, 'test'));
for (const stale of removeStale(list(compiled), sources)) rmSync(join(root, 'dist', stale), { force: true });
const groups = selectTests(list(compiled), process.argv.slice(2));

if (groups.every(({ files }) => files.length === 0)) {
  process.stderr.write(`test: no test file's path holds ${process.argv.slice(2).join(' or ')}\n`);
  process.exit(1);
}

/** Runs files under Node's test runner; the paths of those that failed. */
function run(files, { concurrency, timeoutMs }) {
  const tap = join(mkdtempSync(join(tmpdir(), 'ksweep-tap-')), 'tap');
  const args = ['--test', `--test-timeout=${timeoutMs}`, `--test-concurrency=${concurrency}`];
  args.push('--test-reporter=spec', '--test-reporter-destination=stdout');
  args.push('--test-reporter=tap', `--test-reporter-destination=${tap}`);
  const { status } = spawnSync(process.execPath, [...args, ...files.map((file) => join('dist', file))], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const told = existsSync(tap) ? readFileSync(tap, 'utf8') : '';
  rmSync(dirname(tap), { recursive: true, force: true });
  return failedFiles(files, told, status === 0);
}

const count = { passed: 0, failed: 0 };
const onlyAlone = [];
for (const { name, files, again, ...how } of groups) {
  if (files.length === 0) continue;
  process.stdout.write(`${name}: ${files.length} files\n`);
  let failed = run(files, how);
  if (failed.length > 0 && again) {
    process.stdout.write(`${name}, once more and alone: ${failed.join(' ')}\n`);
    const still = run(failed, { ...how, concurrency: 1 });
    onlyAlone.push(...failed.filter((file) => !still.includes(file)));
    failed = still;
  }
  count.failed += failed.length;
  count.passed += files.length - failed.length;
}
process.stdout.write(`test files: ${count.passed} passed, ${count.failed} failed\n`);
for (const file of onlyAlone) {
  process.stdout.write(
    `  ${file} failed beside other files and passed alone: it asks too much of a busy machine\n`,
  );
}
process.exitCode = count.failed > 0 ? 1 : 0;
