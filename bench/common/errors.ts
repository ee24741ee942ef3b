import { redactMessage } from './redact.ts';

/** Exit statuses, as documented in README.md; nothing else decides what ksweep exits with. */
export const EXIT = {
  pass: 0,
  usage: 1,
  harness: 2,
  invalid: 3,
  threshold: 4,
  regression: 5,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Every error code ksweep can end with, and its exit status. A new failure gets a line here first. */
const STATUS_OF_CODE = {
  // 1: the user's input
  usage: EXIT.usage,
  'workload-invalid': EXIT.usage,
  'workload-missing': EXIT.usage,
  'threshold-invalid': EXIT.usage,
  'property-invalid': EXIT.usage,
  'client-properties-invalid': EXIT.usage,
  'run-folder-invalid': EXIT.usage,
  'sizing-input': EXIT.usage,
  'sizing-infeasible': EXIT.invalid,
  'not-comparable': EXIT.usage,
  'spec-invalid': EXIT.usage,
  'listen-failed': EXIT.usage,
  'history-input': EXIT.usage,
  'sample-invalid': EXIT.usage,
  // 2: the harness, the machine or the cluster
  'setup-failed': EXIT.harness,
  'cluster-failed': EXIT.harness,
  'broker-unreachable': EXIT.harness,
  'topic-failed': EXIT.harness,
  'group-failed': EXIT.harness,
  'guard-tripped': EXIT.harness,
  'load-process-died': EXIT.harness,
  'load-host-failed': EXIT.harness,
  'kubernetes-failed': EXIT.harness,
  'ready-timeout': EXIT.harness,
  'phase-timeout': EXIT.harness,
  'disk-full': EXIT.harness,
  'run-folder-unwritable': EXIT.harness,
  'aws-failed': EXIT.harness,
  'ansible-failed': EXIT.harness,
  'history-locked': EXIT.harness,
  'history-remote-failed': EXIT.harness,
  internal: EXIT.harness,
  // 130: the user pressed Ctrl-C twice
  interrupted: EXIT.interrupted,
} as const satisfies Record<string, ExitStatus>;

export type ErrorCode = keyof typeof STATUS_OF_CODE;

/**
 * The only error that ksweep shows to a user without a stack: what happened, where, and what to do next.
 *
 * @example new KsweepError('broker-unreachable', 'no broker answered at 127.0.0.1:9092', { hint: 'start one with `ksweep cluster up`' })
 */
export class KsweepError extends Error {
  override readonly name = 'KsweepError';
  readonly code: ErrorCode;
  /** The next step for the user, one sentence. */
  readonly hint: string | undefined;
  /** Further lines, such as one a validation error or the last lines of a broker's log. */
  readonly details: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }

  get exitStatus(): ExitStatus {
    return STATUS_OF_CODE[this.code];
  }
}

const SEVERITY: readonly ExitStatus[] = [
  EXIT.pass,
  EXIT.threshold,
  EXIT.regression,
  EXIT.invalid,
  EXIT.harness,
  EXIT.usage,
  EXIT.interrupted,
];

/** The status to exit with when several apply: 2 > 3 > 5 > 4 > 0 (usage ends a run before any other can apply). */
export function mostSevere(statuses: Iterable<ExitStatus>): ExitStatus {
  let worst: ExitStatus = EXIT.pass;
  for (const status of statuses) {
    if (SEVERITY.indexOf(status) > SEVERITY.indexOf(worst)) worst = status;
  }
  return worst;
}

/** What a system says of a path that somebody chose. A path that is not there is missing from this list: that is ours to see. */
const OF_A_PATH: Readonly<Record<string, string>> = {
  ENAMETOOLONG: 'a name in it is longer than the file system takes',
  ENOTDIR: 'something on the way to it is no folder',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link that leads back to itself',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** The errors of a file system that a user's path or machine brings about are no defects of ours. */
function known(error: unknown): KsweepError | null {
  if (error instanceof KsweepError) return error;
  if (!(error instanceof Error)) return null;
  const { code = '', path } = error as NodeJS.ErrnoException;
  const why = OF_A_PATH[code];
  if (why === undefined || path === undefined) return null;
  return new KsweepError(code === 'ENOSPC' ? 'disk-full' : 'usage', `${path} cannot be used: ${why}`, {
    cause: error,
  });
}

/** The status for anything thrown: an unknown error is a defect of the harness, never a pass. */
export function exitStatusOf(error: unknown): ExitStatus {
  return known(error)?.exitStatus ?? EXIT.harness;
}

/** What to print on stderr for anything thrown, secrets blanked; a stack only for a defect of ours. */
export function describeError(error: unknown): string {
  const one = known(error);
  if (one === null) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return redactMessage(`ksweep: internal error: ${text}`);
  }
  const lines = [`ksweep: ${one.message}`, ...one.details.map((line) => `  ${line}`)];
  if (one.hint !== undefined) lines.push(`  next: ${one.hint}`);
  return redactMessage(lines.join('\n'));
}
