import { fork } from 'node:child_process';
import { KsweepError } from '../../common/errors.ts';
import {
  LARGEST_SAMPLE_BYTES,
  type SampleOrigin,
  type SampleRecord,
} from '../../corpus/sample/sample-file.ts';
import type { FromReader, ReadOrder } from './reader-protocol.ts';

export interface Taken {
  readonly origin: SampleOrigin;
  /** In the order of their timestamps; those of one partition in the order of its log where these are equal. */
  readonly records: readonly SampleRecord[];
  /** By partition, in the order of its log. */
  readonly logs: ReadonlyMap<number, readonly SampleRecord[]>;
  /** Whether the limit in bytes ended it. */
  readonly cut: boolean;
}

const STDERR_BYTES = 2_000;

/** Reads a topic in a process of its own. Throws topic-failed, broker-unreachable, interrupted or sample-invalid. */
export async function takeSample(
  order: Omit<ReadOrder, 'limitBytes'>,
  signal: AbortSignal,
  onProgress: (records: number) => void,
): Promise<Taken> {
  const read: SampleRecord[] = [];
  let topic: Extract<FromReader, { type: 'topic' }> | undefined;
  let cut = false;
  // Half of what a file may hold: what comes in after the limit is passed is kept, too.
  const sent: ReadOrder = { ...order, limitBytes: LARGEST_SAMPLE_BYTES / 2 };
  const child = fork(new URL('./reader-main.js', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-STDERR_BYTES);
  });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop);
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromReader) => {
        if (message.type === 'topic') topic = message;
        else if (message.type === 'records') {
          for (const record of message.records) read.push(record);
          onProgress(read.length);
        } else if (message.type === 'done') {
          cut = message.cut;
          resolve();
        } else reject(failure(order.topic, message));
      });
      child.once('error', reject);
      child.once('exit', (status, killedBy) =>
        reject(
          signal.aborted
            ? new KsweepError('interrupted', 'stopped before the sample was taken')
            : new KsweepError('internal', `the reading process ended (${killedBy ?? status}): ${stderr}`),
        ),
      );
      child.send(sent);
    });
  } finally {
    signal.removeEventListener('abort', stop);
    if (child.connected) child.disconnect();
  }
  if (topic === undefined || read.length === 0) {
    throw new KsweepError('sample-invalid', `topic ${order.topic} holds no record to sample there`, {
      hint:
        order.asked.mode === 'from' ? 'name an earlier time' : 'wait until something has been written to it',
    });
  }
  return arranged(order, topic, read, cut);
}

function arranged(
  { topic, asked }: Omit<ReadOrder, 'limitBytes'>,
  told: Extract<FromReader, { type: 'topic' }>,
  read: readonly SampleRecord[],
  cut: boolean,
): Taken {
  const inTime = [...read].sort((a, b) => a.timestampMs - b.timestampMs);
  const over = Math.max(0, inTime.length - asked.records);
  // What is cut is furthest from what was asked for: the oldest of the end, the newest after a time.
  const records = asked.mode === 'end' ? inTime.slice(over) : inTime.slice(0, inTime.length - over);
  const kept = new Set(records);
  const logs = new Map<number, SampleRecord[]>();
  for (const record of read) {
    if (!kept.has(record)) continue;
    const log = logs.get(record.partition) ?? [];
    log.push(record);
    logs.set(record.partition, log);
  }
  const { partitions, topicRecords, history } = told;
  const origin: SampleOrigin = {
    topic,
    partitions,
    taken: asked.mode,
    takenAt: new Date().toISOString(),
    anonymized: false,
    topicRecords,
    history: [...history],
  };
  return { origin, records, logs, cut };
}

function failure(topic: string, { code, message }: Extract<FromReader, { type: 'failed' }>): KsweepError {
  if (/UNKNOWN_TOPIC/.test(code)) {
    return new KsweepError('topic-failed', `there is no topic ${topic}`, {
      hint: 'check its name, and that this user may describe it',
    });
  }
  if (/AUTHORIZATION/.test(code)) {
    return new KsweepError('topic-failed', `topic ${topic}: ${message}`, {
      hint: 'the user needs Describe and Read on the topic',
    });
  }
  return new KsweepError('broker-unreachable', `topic ${topic} could not be read: ${message} (${code})`, {
    hint: 'check the address and the security settings: `ksweep doctor --bootstrap-server …` tells what is wrong',
  });
}
