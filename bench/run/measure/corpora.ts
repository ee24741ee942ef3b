import { join, resolve } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { runTask } from '../../common/pool.ts';
import { buildCorpus } from '../../corpus/corpus.ts';
import type { CorpusResult } from '../../corpus/corpus-input.ts';
import { type ArrivalPattern, arrivalsTask } from '../../corpus/sample/arrivals.ts';
import { fetchSchema } from '../../corpus/serialized/registry.ts';
import { spooled } from '../../corpus/spool-pipe.ts';
import { isOfSchema } from '../../workload/payload-schema.ts';
import type { CellWorkload, Plan } from '../../workload/plan.ts';
import type { RecordsSpec } from '../../workload/schema.ts';
import { largestRequestBytes } from '../../workload/setting-facts.ts';

const DEFAULT_BATCH_BYTES = 16_384;

/** What a run sends and when, as far as it has to be read or built before. */
export interface Corpora {
  /** Payloads by what distinguishes them: cells with the same records share one corpus. */
  readonly records: ReadonlyMap<string, CorpusResult>;
  /** Arrivals of the samples that are replayed, by their paths in the workload. */
  readonly patterns: ReadonlyMap<string, ArrivalPattern>;
}

export const corpusKey = (workload: CellWorkload): string => JSON.stringify(workload.records);

function replayOf({ load: { rate } }: CellWorkload): string | null {
  return rate !== 'max' && 'replay' in rate ? rate.replay.path : null;
}

/** The arrivals that a cell replays; null where it does not. */
export const patternOf = ({ patterns }: Corpora, workload: CellWorkload): ArrivalPattern | null =>
  patterns.get(replayOf(workload) ?? '') ?? null;

async function readPatterns(plan: Plan, baseDir: string): Promise<Corpora['patterns']> {
  const paths = new Set(plan.cells.map(({ workload }) => replayOf(workload)).filter((path) => path !== null));
  const patterns = new Map<string, ArrivalPattern>();
  for (const path of paths) patterns.set(path, await runTask(arrivalsTask, resolve(baseDir, path)));
  return patterns;
}

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
        records: await atHand(workload.records, outDir, onProgress),
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
  return { records: corpora, patterns: await readPatterns(plan, baseDir) };
}

/** Records whose schema is in a file: one that a registry has is fetched, and its id with it. */
async function atHand(
  records: RecordsSpec,
  outDir: string,
  onProgress: (line: string) => void,
): Promise<RecordsSpec> {
  const { payload } = records;
  if (!isOfSchema(payload) || payload.registry === undefined || payload.subject === undefined) return records;
  const { registry, subject, version: wanted = 'latest', ...rest } = payload;
  const folder = join(outDir, 'schemas');
  const { file, schemaId, version } = await fetchSchema(
    payload.source,
    { registry, subject, version: wanted },
    folder,
  );
  onProgress(`schema of ${subject}: version ${version}, id ${schemaId}, from ${registry}`);
  return { ...records, payload: { ...rest, schema: file, schemaId } };
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
  if (corpora.records.size === 0) return null;
  const described = [...corpora.records].map(([key, { corpusFile, keysFile, headersFile, ...facts }]) => ({
    spec: JSON.parse(key) as unknown,
    ...facts,
  }));
  const replayed = [...corpora.patterns].map(([path, { offsetsUs, periodUs, sha256 }]) => ({
    path,
    records: offsetsUs.length,
    periodSec: periodUs / 1e6,
    sha256,
  }));
  return { corpora: described, ...(replayed.length === 0 ? {} : { replayed }) };
}
