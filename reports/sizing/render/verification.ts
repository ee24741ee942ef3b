import { formatBytesPerSec } from '../format.ts';
import type { VerifyOutcome } from '../verify.ts';

const VERDICTS = {
  held: 'HELD: the recommended configuration carried the demand.',
  failed: 'FAILED: the recommended configuration did not carry the demand.',
  unknown: 'UNKNOWN: the measurement cannot tell whether the recommended configuration carries the demand.',
} as const;

/** What was seen when the recommendation was run at its demand, as text. */
export function renderVerification({ sizing, demand, verification, runs, machine }: VerifyOutcome): string {
  if (verification === null) return 'Not verified: the demand is infeasible.\n';
  const consumers = sizing.groups.map((group) => `${group.consumers} in ${group.name}`).join(', ');
  const width = Math.max(...verification.checks.map((check) => check.name.length));
  const lines = [
    `Verified with ${sizing.partitions?.recommended ?? '–'} partitions and consumers ${consumers || 'none'}, at ${formatBytesPerSec(demand.peakBytesPerSec)}`,
    ...verification.checks.map(
      (check) =>
        `  ${check.held ? 'ok  ' : check.blame === 'cluster' ? 'FAIL' : '?   '}  ${check.name.padEnd(width)}  ${check.observed} (expected ${check.expected})`,
    ),
    ...verification.notes.map((note) => `  ! ${note.text}`),
    `  machine: ${machine}`,
    ...runs.map((run) => `  run: ${run}`),
    VERDICTS[verification.verdict],
  ];
  return `${lines.join('\n')}\n`;
}
