// npm run sanitize: the batch client's addon built with AddressSanitizer, under its own tests. It stops at the first
// access outside what is allocated or after it was freed. Leaks are not looked for, Node has its own: see soak:batch.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { compileAddon } from './setup/native.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// The sanitizer has to be the first library of the process, and the process is Node.
const { stdout } = spawnSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' });
const runtime = (stdout ?? '').trim();
if (!existsSync(runtime)) {
  process.stderr.write('sanitize: gcc has no libasan.so here; on Debian it comes with the package g++\n');
  process.exit(2);
}
const addon = compileAddon(
  root,
  'ksweep-batch-asan.node',
  '-fsanitize=address -fno-omit-frame-pointer -g -O1',
);
const folder = join('dist', 'test', 'unit', 'client', 'batch');
const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.js'));
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files.map((name) => join(folder, name))],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      KSWEEP_BATCH_ADDON: addon,
      LD_PRELOAD: runtime,
      // A report ends the process with a status of its own, which no test expects.
      ASAN_OPTIONS: 'detect_leaks=0:halt_on_error=1:exitcode=86',
    },
  },
);
process.exitCode = status ?? 1;
