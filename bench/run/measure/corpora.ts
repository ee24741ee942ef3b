import { resolve } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { buildCorpus } from '../../corpus/corpus.ts';
import type { CorpusResult } from '../../corpus/corpus-input.ts';
import { spooled } from '../../corpus/spool-pipe.ts';
import type { CellWorkload, Plan } from '../../workload/plan.ts';
import { largestRequestBytes } from '../../workload/setting-facts.ts';

const DEFAULT_BATCH_BYTES = 16_384;

/** The payloads of a run, by what distinguishes them: cells with the same records share one corpus. */
export type Corpora = ReadonlyMap<string, CorpusResult>;

export const corpusKey = (workload: CellWorkload): string => JSON.stringify(workload.records);

const needsCorpus = (workload: CellWorkload): boolean =>
  workload.load.producers > 0 || workload.consumers.backlog > 0;

/**
 * Builds each corpus that the plan's cells need, in worker threads, before anything is measured. Throws interrupted
 * as soon as the signal says so: there is nothing yet that would be worth keeping.
 */
export async function buildCorpora(
  plan: Plan,
  baseDir: string,
  outDir: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<Corpora> {
  const stopped = stop(signal);
  try {
    return await Promise.race([build(plan, baseDir, outDir, onProgress, signal), stopped.promise]);
  } finally {
    stopped.dispose();
  }
}

/** A promise that only ever rejects: with the user's stop. */
function stop(signal: AbortSignal): { readonly promise: Promise<never>; readonly dispose: () => void } {
  let dispose = (): void => {};
  const promise = new Promise<never>((_resolve, reject) => {
    const handle = (): void =>
      reject(
        new KsweepError('interrupted', 'stopped before anything was measured', { hint: 'start it again' }),
      );
    if (signal.aborted) handle();
    signal.addEventListener('abort', handle);
    dispose = () => signal.removeEventListener('abort', handle);
  });
  return { promise, dispose };
}

async function build(
  plan: Plan,
  baseDir: string,
  outDir: string,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<Corpora> {
  const pipes = new Map<string, string>();
  const corpora = new Map<string, CorpusResult>();
  // One size for all cells: a corpus that suits the largest batch suits the others, and keeps them comparable.
  const batchSizeBytes = Math.max(
    ...plan.cells.map(({ workload }) => Number(workload.producer['batch.size'] ?? DEFAULT_BATCH_BYTES)),
  );
  /** A pipe is read once, whatever number of corpora comes out of it. */
  const payloadFile = async ({ records: { payload } }: CellWorkload): Promise<string | undefined> => {
    if (payload.source !== 'file') return undefined;
    const path = resolve(baseDir, payload.path);
    const file = pipes.get(path) ?? (await spooled(path, { dir: outDir, signal, onWait: onProgress }));
    pipes.set(path, file);
    return file;
  };
  for (const { workload } of plan.cells) {
    const key = corpusKey(workload);
    if (!needsCorpus(workload)) continue;
    let corpus = corpora.get(key);
    if (corpus === undefined) {
      onProgress('building payloads');
      corpus = await buildCorpus({
        records: workload.records,
        baseDir,
        payloadFile: await payloadFile(workload),
        batchSizeBytes,
        seed: plan.seed,
        outDir,
      });
      corpora.set(key, corpus);
    }
    refuseTooLarge(corpus.maxBytes, workload);
  }
  return corpora;
}

/** What a file or a distribution's tail holds is known only now: a client would refuse it in the middle of the run. */
function refuseTooLarge(maxBytes: number, { producer }: CellWorkload): void {
  const limit = largestRequestBytes(producer);
  if (maxBytes < limit) return;
  throw new KsweepError(
    'workload-invalid',
    `records: the largest has ${maxBytes} bytes and does not fit into producer.max.request.size (${limit})`,
    { hint: 'raise it, and topic.configs.max.message.bytes, or use smaller records' },
  );
}

/** What the manifest keeps of them: digests and figures, not the scratch files. */
export function describeCorpora(corpora: Corpora): Record<string, unknown> | null {
  if (corpora.size === 0) return null;
  const described = [...corpora].map(([key, { corpusFile, keysFile, ...facts }]) => ({
    spec: JSON.parse(key) as unknown,
    ...facts,
  }));
  return { corpora: described };
}
