// npm start: the quickstart sweep on a local Kafka, or whatever ksweep is asked for after `--`.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv.slice(2);
const args = asked.length > 0 ? asked : ['run', join(root, 'workloads', 'quickstart.yaml'), '--local'];
const child = spawn(process.execPath, [join(root, 'dist', 'bench', 'cli.js'), ...args], { stdio: 'inherit' });

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
