import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Question } from '../../../reports/sizing/input/questions.ts';
import type { Note } from '../../../reports/sizing/report.ts';
import { KsweepError } from '../../common/errors.ts';
import { closePool } from '../../common/pool.ts';
import { dim } from '../../common/terminal.ts';
import { demandOfFile, type SampledDemand } from '../../jobs/sample/demand.ts';
import { sampleOnCluster } from '../../jobs/sample/on-cluster.ts';
import { DEFAULT_MAX_RATE, DEFAULT_RECORDS, sampleRequest } from '../../jobs/sample/request.ts';
import { onInterrupt } from '../interrupt.ts';
import type { SizeOptions } from './shared.ts';

export interface SampledAnswers {
  readonly answers: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
}

/** What a sample answers of a mode's questions, for what nobody answers otherwise; nothing without a sample. */
export async function sampledAnswers(
  options: SizeOptions,
  questions: readonly Question[],
): Promise<SampledAnswers> {
  const { fromTopic, fromSample, bootstrapServer, commandConfig } = options;
  if (fromTopic !== undefined && fromSample !== undefined) {
    throw new KsweepError('usage', '--from-topic and --from-sample: give one of them');
  }
  if (fromTopic === undefined && (bootstrapServer ?? commandConfig) !== undefined) {
    throw new KsweepError('usage', '--bootstrap-server and --command-config go with --from-topic');
  }
  if (fromTopic === undefined && fromSample === undefined) return { answers: {}, notes: [] };
  const { answers, source } =
    fromSample === undefined ? await ofTopic(fromTopic ?? '', options) : demandOfFile(fromSample, fromSample);
  const asked = Object.fromEntries(
    Object.entries(answers).filter(([key]) => (questions as readonly string[]).includes(key)),
  );
  const told = Object.entries(asked).map(([key, value]) => `${key} ${value}`);
  return { answers: asked, notes: [{ code: 'sampled', text: `${told.join(', ')}: from ${source}` }] };
}

async function ofTopic(topic: string, options: SizeOptions): Promise<SampledDemand> {
  const { bootstrapServer, commandConfig, sampleRecords = DEFAULT_RECORDS } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-sample-'));
  const output = join(folder, 'topic.sample');
  const say = (line: string): void => void process.stderr.write(`${dim(line)}\n`);
  const interrupt = onInterrupt(() => say('stopping'));
  try {
    const request = sampleRequest(
      { topic, records: sampleRecords, output, maxRate: DEFAULT_MAX_RATE },
      Date.now(),
    );
    const place = {
      ...(bootstrapServer === undefined ? {} : { bootstrapServer }),
      ...(commandConfig === undefined ? {} : { commandConfig }),
    };
    await sampleOnCluster(request, place, interrupt.signal, say);
    return demandOfFile(output, `topic ${topic}`);
  } finally {
    interrupt.dispose();
    rmSync(folder, { recursive: true, force: true });
    await closePool();
  }
}
