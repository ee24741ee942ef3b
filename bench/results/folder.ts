import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { redact } from '../common/redact.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { type PlanLine, planLineSchema } from './plan-line.ts';
import type { PlannedRepeat } from './planned.ts';
import { type RepeatResult, repeatResultSchema } from './result.ts';

/**
 * Writes a run folder so that a kill at any moment leaves one that `--resume` finishes and `report` can read:
 * whole files under another name and renamed, the plan's outcomes appended line by line.
 */
export class RunFolder {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** `<root>/<UTC time>-<name>`, with a suffix where two runs begin in one second. */
  static async create(root: string, name: string, now: Date): Promise<RunFolder> {
    const stamp = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
    for (let suffix = 0; ; suffix++) {
      const dir = join(root, `${stamp}-${name}${suffix === 0 ? '' : `-${suffix}`}`);
      try {
        await mkdir(root, { recursive: true });
        await mkdir(dir);
        return new RunFolder(dir);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(dir, error);
      }
    }
  }

  async writeManifest(manifest: Manifest): Promise<void> {
    await this.write('manifest.json', `${JSON.stringify(redact(manifestSchema.parse(manifest)), null, 2)}\n`);
  }

  async readManifest(): Promise<Manifest> {
    const file = join(this.dir, 'manifest.json');
    let content: unknown;
    try {
      content = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      throw new KsweepError('run-folder-invalid', `${file} cannot be read: ${(error as Error).message}`, {
        hint: 'give the folder that a run has written, such as results/<time>-<name>',
      });
    }
    const parsed = manifestSchema.safeParse(content);
    if (parsed.success) return parsed.data;
    const details = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new KsweepError('run-folder-invalid', `${file} is not a manifest that this version understands`, {
      details,
    });
  }

  /** Appends and syncs, so that an outcome that was announced survives a power cut. */
  async appendPlan(lines: readonly PlanLine[]): Promise<void> {
    const file = join(this.dir, 'plan.ndjson');
    try {
      const handle = await open(file, 'a');
      try {
        await handle.write(
          lines.map((line) => `${JSON.stringify(redact(planLineSchema.parse(line)))}\n`).join(''),
        );
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  /** The plan's lines; one that a kill tore off in mid-write is left out, and ended so that the next starts afresh. */
  async readPlan(): Promise<PlanLine[]> {
    const file = join(this.dir, 'plan.ndjson');
    const text = await readFile(file, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await appendFile(file, '\n');
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => {
        const parsed = planLineSchema.safeParse(safeJson(line));
        return parsed.success ? [parsed.data] : [];
      });
  }

  /** A repeat's folder appears whole or not at all; the attempt before it is kept beside it. */
  async writeRepeat(result: RepeatResult, files: Readonly<Record<string, string>>): Promise<void> {
    const { cellId, block, attempt } = result;
    await this.#writeFolder(
      this.#repeatDir(cellId, block),
      result,
      files,
      attempt > 0 ? this.#repeatDir(cellId, block, attempt - 1) : null,
    );
  }

  #repeatDir(cellId: string, block: number, replacedAttempt?: number): string {
    const suffix = replacedAttempt === undefined ? '' : `.attempt-${replacedAttempt}`;
    return join(this.dir, 'cells', cellId, `${block}${suffix}`);
  }

  async #writeFolder(
    target: string,
    result: RepeatResult,
    files: Readonly<Record<string, string>>,
    keepOldAs: string | null,
  ): Promise<void> {
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.tmp`);
    try {
      await mkdir(temporary, { recursive: true });
      for (const [name, content] of Object.entries(files)) await writeFile(join(temporary, name), content);
      await writeFile(join(temporary, 'result.json'), `${JSON.stringify(redact(result), null, 2)}\n`);
      // Where the attempt before is kept already, this is a later try of the same one: it replaces the last try.
      const replaces = keepOldAs === null || existsSync(keepOldAs);
      if (replaces) await rm(target, { recursive: true, force: true });
      else await rename(target, keepOldAs).catch(ignoreMissing);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true }).catch(() => {});
      throw unwritable(target, error);
    }
  }

  /** The last attempt of each planned repeat that has one. */
  async readResults(planned: readonly PlannedRepeat[]): Promise<Map<number, RepeatResult>> {
    const results = new Map<number, RepeatResult>();
    for (const { position, cellId, block } of planned) {
      // A kill between the two renames of a second attempt leaves the first one under its other name alone.
      const last =
        (await readResult(this.#repeatDir(cellId, block))) ??
        (await readResult(this.#repeatDir(cellId, block, 0)));
      if (last !== null) results.set(position, last);
    }
    return results;
  }

  /** Removes what a kill in mid-write left half-written; only for the one process that goes on with this run. */
  async removeTorn(): Promise<void> {
    const entries = await readdir(this.dir, { recursive: true }).catch(() => []);
    const torn = entries.filter((name) => name.endsWith('.tmp'));
    for (const name of torn) await rm(join(this.dir, name), { recursive: true, force: true });
  }

  /** The probes of a search that were finished, in order, up to the first one that is missing. */
  async readProbes(
    cellId: string,
    block: number,
  ): Promise<{ result: RepeatResult; files: Record<string, string> }[]> {
    const probes: { result: RepeatResult; files: Record<string, string> }[] = [];
    for (let index = 0; ; index++) {
      const dir = join(this.dir, 'cells', cellId, `${block}.probes`, String(index));
      const result = await readResult(dir);
      if (result === null || result.outcome === 'failed') return probes;
      const files: Record<string, string> = {};
      for (const name of await readdir(dir)) {
        if (name !== 'result.json') files[name] = await readFile(join(dir, name), 'utf8');
      }
      probes.push({ result, files });
    }
  }

  async writeProbe(
    cellId: string,
    block: number,
    index: number,
    result: RepeatResult,
    files: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#writeFolder(
      join(this.dir, 'cells', cellId, `${block}.probes`, String(index)),
      result,
      files,
      null,
    );
  }

  async write(name: string, content: string): Promise<void> {
    const file = join(this.dir, name);
    const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(temporary, content);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw unwritable(file, error);
    }
  }
}

async function readResult(dir: string): Promise<RepeatResult | null> {
  const text = await readFile(join(dir, 'result.json'), 'utf8').catch(() => '');
  const parsed = repeatResultSchema.safeParse(safeJson(text));
  return parsed.success ? parsed.data : null;
}

function safeJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

function unwritable(path: string, error: unknown): KsweepError {
  const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return new KsweepError(
    full ? 'disk-full' : 'run-folder-unwritable',
    full
      ? `the disk is full: ${path} was not written`
      : `${path} cannot be written: ${(error as Error).message}`,
    {
      hint: 'what was measured before is kept; make room, then continue with `ksweep run --resume <run folder>`',
      cause: error,
    },
  );
}
