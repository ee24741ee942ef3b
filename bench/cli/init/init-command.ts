import { existsSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { formatDuration } from '../../common/terminal.ts';
import { writeAtomically } from '../../common/write-atomically.ts';
import { parseYaml } from '../../common/yaml/yaml-source.ts';
import { ASSUMED_OVERHEAD_MS, estimateMs } from '../../workload/dry-run.ts';
import { resolveWorkload } from '../../workload/load.ts';
import { commandLine } from '../command-line.ts';
import { answersFrom, terminalAsk } from './ask.ts';
import type { InitFlags } from './flags.ts';
import { isSize, nameFrom, workloadText } from './workload-text.ts';

/** `ksweep init`: writes a workload that is valid, and never over a file without --force. */
export async function initCommand(file: string, flags: InitFlags): Promise<void> {
  refuseExisting(file, flags);
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true && flags.json !== true;
  if (!interactive && flags.about === undefined) {
    throw new KsweepError('usage', 'ksweep init asks its questions at a terminal, and this is none', {
      hint: 'answer with options, such as `ksweep init --about batching --load 20MB/s`',
    });
  }
  const terminal = interactive ? terminalAsk() : null;
  try {
    const say = (line: string): void => console.error(line);
    const answers = await answersFrom(flags, isFile, terminal?.ask ?? null, say);
    const { records } = answers;
    const baseDir = dirname(resolve(file));
    const payloadPath = isSize(records) ? null : relative(baseDir, resolve(records));
    const text = workloadText(answers, nameFrom(basename(file)), payloadPath);
    const input = parseYaml(file, text).value as Record<string, unknown>;
    const { plan } = resolveWorkload(input, baseDir, (problems) => {
      throw new KsweepError('usage', 'no workload can be made of these answers', {
        details: problems.map(({ path, message }) => `${path.join('.')}: ${message}`),
      });
    });
    // It may have appeared while the questions were answered.
    refuseExisting(file, flags);
    await writeAtomically(file, [text]);
    const estimatedMs = estimateMs(plan, ASSUMED_OVERHEAD_MS);
    const [cells, repeats] = [plan.cells.length, plan.repeats.length];
    if (flags.json === true) {
      console.log(JSON.stringify({ file, cells, repeats, estimatedMs }));
      return;
    }
    console.log(
      `${file}: ${counted(cells, 'cell')}, ${counted(repeats, 'repeat')}, about ${formatDuration(estimatedMs)}`,
    );
    console.log(`next: ${commandLine(['run', file, '--local'], [])}`);
    console.log(`on your cluster: ${commandLine(['run', file, '--bootstrap-server', 'HOST:9092'], [])}`);
  } finally {
    terminal?.close();
  }
}

const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function refuseExisting(file: string, { force }: InitFlags): void {
  if (force === true || !existsSync(file)) return;
  throw new KsweepError('usage', `${file} exists`, {
    hint: 'name another file, or replace this one with --force',
  });
}
