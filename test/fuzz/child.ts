import { runProgram } from '../../bench/cli/program.ts';
import { readClientSettings } from '../../bench/client/security/client-properties.ts';
import { describeError, exitStatusOf } from '../../bench/common/errors.ts';
import { loadSpec } from '../../infra/ec2/spec.ts';
import type { FromChild, ToChild } from './harness.ts';

/** Runs one command after the other in this process, and tells what each printed and ended with. */

let printed = '';
const keep = (chunk: unknown): boolean => {
  if (printed.length < 100_000) printed += String(chunk);
  return true;
};
process.stdout.write = keep as typeof process.stdout.write;
process.stderr.write = keep as typeof process.stderr.write;

function direct(act: () => unknown): void {
  try {
    act();
    process.exitCode = 0;
  } catch (error) {
    keep(describeError(error));
    process.exitCode = exitStatusOf(error);
  }
}

process.on('message', async ({ words }: ToChild) => {
  printed = '';
  process.exitCode = 0;
  const before = process.cpuUsage();
  const [command, file = ''] = words;
  if (command === 'spec') direct(() => loadSpec(file));
  else if (command === 'properties') direct(() => readClientSettings(file, {}));
  else await runProgram(words);
  const { user, system } = process.cpuUsage(before);
  const message: FromChild = {
    code: Number(process.exitCode),
    printed,
    rssBytes: process.memoryUsage().rss,
    cpuMs: (user + system) / 1000,
  };
  process.exitCode = 0;
  process.send?.(message);
});
process.on('disconnect', () => process.exit(0));
