import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { KsweepError } from '../../../common/errors.ts';
import { runTask } from '../../../common/pool.ts';
import { writeAtomically } from '../../../common/write-atomically.ts';
import { takeLock } from '../lock.ts';
import { appendLines } from './append.ts';
import type { CompactSeries } from './compact.ts';
import { readSeriesTask } from './compact.ts';
import { type NightSummary, parseNights } from './nights.ts';
import { parseSeries, type SeriesContent, type SetAside } from './parse.ts';
import { HISTORY_SCHEMA_VERSION, type HistoryLine } from './record.ts';
import type { SeriesId } from './series-id.ts';

/** A series as it lies in the history. */
export interface StoredSeries {
  readonly id: SeriesId;
  /** Below the history folder, with slashes. */
  readonly path: string;
  readonly canary: boolean;
  readonly content: CompactSeries;
}

/** Lines for one file below the history folder. */
export interface Append {
  readonly path: string;
  readonly lines: readonly string[];
}

const NIGHTS_FILE = 'nights.ndjson';
/** How long a writer waits for another one; an append takes milliseconds. */
const WRITER_WAIT_MS = 30_000;
/** Files that go to one worker thread at a time. */
const READ_AT_ONCE = 25;

const GIT_FILES = {
  // Both sides' lines are kept where two writers' histories are merged.
  '.gitattributes': '*.ndjson merge=union text eol=lf\n',
  '.gitignore': 'nights/\ntrend.html\n*.lock\n*.lock.*\n*.tmp\n',
} as const;

/**
 * A history folder:
 * ```
 * series/<suite>/<cell>/<metric>.ndjson   one series a file, append-only
 * nights.ndjson                           one line a night
 * environments/<digest>.json              what a night ran on, once each
 * journal/<night>-<writer>.ndjson         what each writer appended, where a remote is used
 * nights/<night>/                         run folders and reports; the only part that retention removes from
 * ```
 */
export class HistoryStore {
  readonly dir: string;
  readonly #journal: boolean;

  private constructor(dir: string, journal: boolean) {
    this.dir = dir;
    this.#journal = journal;
  }

  /** Makes the folder where it is missing. `journal`: keep each append as a file of its own, for a remote. */
  static async open(dir: string, options: { readonly journal?: boolean } = {}): Promise<HistoryStore> {
    try {
      await mkdir(join(dir, 'series'), { recursive: true });
      for (const [name, content] of Object.entries(GIT_FILES)) {
        if (!existsSync(join(dir, name))) await writeFile(join(dir, name), content);
      }
    } catch (error) {
      throw new KsweepError(
        'run-folder-unwritable',
        `the history ${dir} cannot be written: ${(error as Error).message}`,
      );
    }
    return new HistoryStore(dir, options.journal ?? false);
  }

  /** For commands that only read. Throws history-input where there is no history. */
  static async existing(dir: string): Promise<HistoryStore> {
    if (!existsSync(join(dir, 'series'))) {
      throw new KsweepError('history-input', `${dir} holds no history`, {
        hint: 'give the folder that `ksweep nightly --history` writes, or start one with `ksweep history import`',
      });
    }
    return new HistoryStore(dir, false);
  }

  /** Every series, read in worker threads; the caller closes the pool. */
  async series(): Promise<StoredSeries[]> {
    const files = await readdir(join(this.dir, 'series'), { recursive: true }).catch(() => []);
    const paths = files.filter((name) => name.endsWith('.ndjson')).map((name) => `series/${name}`);
    paths.sort();
    const chunks: string[][] = [];
    for (let from = 0; from < paths.length; from += READ_AT_ONCE) {
      chunks.push(paths.slice(from, from + READ_AT_ONCE));
    }
    const contents = await Promise.all(
      chunks.map((chunk) => runTask(readSeriesTask, { dir: this.dir, paths: chunk })),
    );
    return contents.flat().map((content, i) => this.#stored(paths[i] ?? '', content));
  }

  #stored(path: string, content: CompactSeries): StoredSeries {
    const { header } = content;
    // Without its header a series is known by its path.
    const [, suite = '', cell = '', file = ''] = path.split('/');
    const byPath = { suite, cell: cell.replaceAll(',', ' '), metric: file.replace(/\.ndjson$/, '') };
    const id = header === null ? byPath : { suite: header.suite, cell: header.cell, metric: header.metric };
    return { id, path, canary: header?.canary ?? suite.endsWith('.canary'), content };
  }

  /** The lines of one series in full. */
  async readFully(path: string): Promise<SeriesContent> {
    return parseSeries(path, await readFile(join(this.dir, path), 'utf8'));
  }

  async nights(): Promise<{ nights: NightSummary[]; setAside: SetAside[] }> {
    const text = await readFile(join(this.dir, NIGHTS_FILE), 'utf8').catch(() => '');
    return parseNights(NIGHTS_FILE, text);
  }

  async appendNight(summary: NightSummary): Promise<void> {
    await this.append(summary.night, [
      { path: NIGHTS_FILE, lines: [JSON.stringify({ v: HISTORY_SCHEMA_VERSION, ...summary })] },
    ]);
  }

  /** Appends under the writers' lock; with a journal, its file is complete before the first series grows. */
  async append(night: string, appends: readonly Append[]): Promise<void> {
    const release = await takeLock(join(this.dir, 'append.lock'), {
      waitMs: WRITER_WAIT_MS,
      what: `the history ${this.dir}`,
    });
    try {
      if (this.#journal && appends.length > 0) {
        const writer = `${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}-${randomBytes(4).toString('hex')}`;
        await mkdir(join(this.dir, 'journal'), { recursive: true });
        const lines = appends.flatMap(({ path, lines }) =>
          lines.map((line) => `${JSON.stringify({ path, line })}\n`),
        );
        await writeAtomically(join(this.dir, 'journal', `${night}-${writer}.ndjson`), lines);
      }
      for (const { path, lines } of appends) await appendLines(join(this.dir, path), lines);
    } finally {
      await release();
    }
  }

  /** Keeps what a night ran on, by its digest. */
  async keepEnvironment(digest: string, description: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(this.dir, 'environments', `${digest}.json`);
    if (existsSync(file)) return;
    await mkdir(join(this.dir, 'environments'), { recursive: true });
    await writeAtomically(file, [`${JSON.stringify(description, null, 2)}\n`]);
  }

  /** null where it is missing or unreadable. */
  async environment(digest: string): Promise<Record<string, unknown> | null> {
    try {
      const text = await readFile(join(this.dir, 'environments', `${digest}.json`), 'utf8');
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      return null;
    }
  }
}

export const lineOf = (line: HistoryLine): string => JSON.stringify(line);
