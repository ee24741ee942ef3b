// npm test: every compiled test, or those whose path holds one of the arguments.
// Not among them: test/infra/nspawn and test/infra/playbooks, which boot systems and have a command of their own.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { removeStale, selectTests } from './setup/test-files.mjs';

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
let failed = false;
for (const { name, files, concurrency, timeoutMs } of groups) {
  if (files.length === 0) continue;
  process.stdout.write(`${name}: ${files.length} files\n`);
  const args = ['--test', `--test-timeout=${timeoutMs}`, '--test-reporter=spec'];
  if (concurrency !== undefined) args.push(`--test-concurrency=${concurrency}`);
  const { status } = spawnSync(process.execPath, [...args, ...files.map((file) => join('dist', file))], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
