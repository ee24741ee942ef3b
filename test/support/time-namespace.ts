import { spawnSync } from 'node:child_process';

/** Words that run a command with a monotonic clock that is ahead by so many seconds; behind where they are negative. */
export const clockAhead = (sec: number): string[] => ['unshare', '-T', '--monotonic', String(sec)];

/** Why this machine has no other clock to offer; null where it has. */
export function noTimeNamespace(): string | null {
  const [program = '', ...words] = clockAhead(60);
  const { status, stderr, error } = spawnSync(program, [...words, 'true']);
  return status === 0 ? null : `no time namespace: ${error?.message ?? String(stderr).trim()}`;
}
