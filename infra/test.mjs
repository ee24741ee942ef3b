// npm test: every compiled test, or those whose path holds one of the arguments.
// Not among them: what boots systems, makes networks or installs packages in test/infra; `npm run test:infra` has it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { run as runFiles } from 'node:test';
import { spec } from 'node:test/reporters';
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

/** Runs files under Node's test runner, in this order; the paths of those that failed. */
async function run(files, { concurrency, timeoutMs }) {
  const paths = files.map((file) => join(root, 'dist', file));
  const failed = [];
  const events = runFiles({ files: paths, concurrency, timeout: timeoutMs });
  events.on('test:fail', ({ name, nesting }) => {
    if (nesting === 0) failed.push(name);
  });
  for await (const text of events.compose(new spec())) process.stdout.write(text);
  return failedFiles(files, failed);
}

/** Brokers that the files of a group share, one after the other; undefined where a single file would have no use of it. */
async function startBrokers(files, count) {
  if (files.length < 2) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-brokers-'));
  const list = join(folder, 'brokers.json');
  const entry = join(compiled, 'support', 'broker-pool.js');
  const child = spawn(process.execPath, [entry, list, String(count)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  // Without it each file starts its own.
  if (existsSync(list)) process.env['TEST_BROKERS'] = list;
  return async () => {
    delete process.env['TEST_BROKERS'];
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

// Brokers of tests live for minutes: what the second compiler would gain costs more than it saves. What the user set stays.
process.env['JDK_JAVA_OPTIONS'] ??= '-XX:TieredStopAtLevel=1';

const count = { passed: 0, failed: 0 };
const onlyAlone = [];
for (const { name, files, again, ...how } of groups) {
  if (files.length === 0) continue;
  process.stdout.write(`${name}: ${files.length} files\n`);
  const stopBrokers =
    how.brokers === undefined ? undefined : await startBrokers(files, Math.min(how.brokers, files.length));
  let failed = await run(files, how);
  if (failed.length > 0 && again) {
    process.stdout.write(`${name}, once more and alone: ${failed.join(' ')}\n`);
    const still = await run(failed, { ...how, concurrency: 1 });
    onlyAlone.push(...failed.filter((file) => !still.includes(file)));
    failed = still;
  }
  await stopBrokers?.();
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
