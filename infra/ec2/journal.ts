import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { KsweepError } from '../../bench/common/errors.ts';

/**
 * What was asked of AWS for one cluster, a line a step, each on the disk before the request it announces. From it and
 * from the tags, the next `up` finds what a killed one had made.
 */

const at = z.string();
const lineSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('begun'),
    at,
    clusterId: z.string(),
    region: z.string(),
    specSha256: z.string(),
    expiresAt: z.string(),
  }),
  z.strictObject({ event: z.literal('image'), at, arch: z.string(), imageId: z.string() }),
  z.strictObject({
    event: z.literal('launching'),
    at,
    host: z.string(),
    role: z.string(),
    token: z.string(),
    instanceType: z.string(),
    zone: z.string(),
    market: z.string(),
    candidate: z.int(),
    attempt: z.int(),
  }),
  z.strictObject({ event: z.literal('launched'), at, host: z.string(), instanceId: z.string() }),
  z.strictObject({
    event: z.literal('given-up'),
    at,
    role: z.string(),
    candidate: z.int(),
    reason: z.string(),
  }),
  z.strictObject({ event: z.literal('up'), at }),
  z.strictObject({ event: z.literal('extended'), at, expiresAt: z.string() }),
  z.strictObject({ event: z.literal('stopped'), at }),
  z.strictObject({ event: z.literal('started'), at }),
]);
export type JournalLine = z.infer<typeof lineSchema>;
/** `Omit` would lose the union's branches. */
type Undated<T> = T extends unknown ? Omit<T, 'at'> : never;
export type Launching = Extract<JournalLine, { event: 'launching' }>;

/** $KSWEEP_EC2_STATE, else ksweep/ec2 in the XDG data folder: losing it would cost more than a cache. */
function ec2StateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['KSWEEP_EC2_STATE'];
  if (own) return own;
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'ksweep', 'ec2');
}

export const clusterFolder = (name: string): string => join(ec2StateFolder(), name);

export class Journal {
  readonly folder: string;
  readonly #lines: JournalLine[];

  constructor(folder: string) {
    this.folder = folder;
    this.#lines = existsSync(this.#file) ? readLines(this.#file) : [];
  }

  get #file(): string {
    return join(this.folder, 'journal.ndjson');
  }

  get lines(): readonly JournalLine[] {
    return this.#lines;
  }

  /** On the disk when it returns. */
  append(line: Undated<JournalLine>): void {
    const dated = { ...line, at: new Date().toISOString() } as JournalLine;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const file = openSync(this.#file, 'a', 0o600);
    try {
      writeSync(file, `${JSON.stringify(dated)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.#lines.push(dated);
  }

  last<E extends JournalLine['event']>(event: E): Extract<JournalLine, { event: E }> | undefined {
    return this.#lines.findLast((line): line is Extract<JournalLine, { event: E }> => line.event === event);
  }

  /** The newest launch of a host that no later line gave up. */
  launchOf(host: string): { readonly launching: Launching; readonly instanceId: string | null } | undefined {
    const launching = this.#lines.findLast(
      (line): line is Launching => line.event === 'launching' && line.host === host,
    );
    if (launching === undefined) return undefined;
    const after = this.#lines.slice(this.#lines.indexOf(launching) + 1);
    const givenUp = after.some(
      (line) =>
        line.event === 'given-up' && line.role === launching.role && line.candidate === launching.candidate,
    );
    if (givenUp) return undefined;
    const launched = after.findLast((line) => line.event === 'launched' && line.host === host);
    return { launching, instanceId: launched?.event === 'launched' ? launched.instanceId : null };
  }

  /** Puts the journal of a cluster that is gone aside: what was done stays readable. */
  close(): void {
    const clusterId = this.last('begun')?.clusterId ?? 'unknown';
    if (existsSync(this.#file)) renameSync(this.#file, join(this.folder, `journal-${clusterId}.ndjson`));
    this.#lines.length = 0;
  }
}

function readLines(file: string): JournalLine[] {
  const content = readFileSync(file, 'utf8');
  const whole = content.slice(0, content.lastIndexOf('\n') + 1);
  // A line cut off by a kill had asked nothing of AWS yet: a request follows its line.
  if (whole.length < content.length) truncateSync(file, Buffer.byteLength(whole));
  return whole.split('\n').flatMap((text, index): JournalLine[] => {
    if (text === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw damaged(file, index, 'is no JSON');
    }
    const parsed = lineSchema.safeParse(value);
    if (!parsed.success) throw damaged(file, index, 'is of another version of ksweep');
    return [parsed.data];
  });
}

function damaged(file: string, index: number, what: string): KsweepError {
  return new KsweepError('aws-failed', `${file}:${index + 1} ${what}`, {
    hint: '`ksweep infra down --spec FILE` finds the cluster by its tags and removes it without the journal',
  });
}
