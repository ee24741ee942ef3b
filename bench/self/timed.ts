import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LIMIT_MS = 120_000;

/** Runs a peer under bash's `time`, whose figures are the processor time of the peer alone. */
export async function timed(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly stdout: string; readonly cpuSec: number }> {
  const script = `TIMEFORMAT='ksweep-cpu %U %S'; time "$0" "$@"`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, command, ...args], {
    timeout: LIMIT_MS,
    maxBuffer: 1 << 26,
    env: { ...env, LC_ALL: 'C' },
  });
  const [, user, system] = stderr.match(/ksweep-cpu ([\d.]+) ([\d.]+)/) ?? [];
  return { stdout, cpuSec: Number(user) + Number(system) };
}
