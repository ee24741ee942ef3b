// npm start: set-up, then the quickstart sweep on a local Kafka, or whatever ksweep is asked for after `--`.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startsKafka } from './setup/needs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv.slice(2);

/** The exit status of set-up; Java and Maven are demanded only where a Kafka is started with them. */
function setUp() {
  const args = [join(root, 'infra', 'setup.mjs'), ...(startsKafka(asked) ? [] : ['--without-kafka'])];
  const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  return status ?? (signal === 'SIGINT' ? 130 : 2);
}

function start() {
  const args = asked.length > 0 ? asked : ['run', join(root, 'workloads', 'quickstart.yaml'), '--local'];
  const child = spawn(process.execPath, [join(root, 'dist', 'bench', 'cli', 'main.js'), ...args], {
    stdio: 'inherit',
  });

  // A terminal sends Ctrl-C to both; forwarding it would count as the second one, which gives up the results.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`start: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 2);
  });
}

process.exitCode = setUp();
if (process.exitCode === 0) start();
