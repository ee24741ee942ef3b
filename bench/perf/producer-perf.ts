import { randomUUID } from 'node:crypto';
import { type AdminClient, ClientError, type Driver } from '../client/driver.ts';
import { translateProducer } from '../client/properties/translate.ts';
import { createClock } from '../common/clock.ts';
import { KsweepError } from '../common/errors.ts';
import type { Scalar } from '../common/scalar.ts';
import { askBefore, type BrokersWord, grownBy, topicExists } from './brokers-word.ts';
import { CONNECT_LIMIT_MS, connecting } from './connecting.ts';
import { metricsLines } from './metrics-lines.ts';
import type { Payloads } from './payloads.ts';
import { produceRecords } from './produce.ts';
import { judgeProducer } from './producer-verdict.ts';
import type { PerfSettings } from './settings.ts';
import type { Verdict } from './verdict.ts';

/** The tool's defaults. */
const CLIENT_ID = 'perf-producer-client';
const TRANSACTION_PREFIX = 'performance-producer-';
const TRANSACTION_MS = 3_000;
/** Brokers that make a topic when it is asked for do so at once. */
const CREATE_LIMIT_MS = 15_000;

export interface ProducerPerfOptions {
  readonly driver: Driver;
  readonly topic: string;
  readonly numRecords: number;
  /** Records a second; null: no limit. */
  readonly perSec: number | null;
  readonly payloads: (burstRows: number) => Payloads;
  readonly warmupRecords: number;
  readonly intervalMs: number;
  readonly printMetrics: boolean;
  readonly transactionalId: string | undefined;
  readonly transactionMs: number | undefined;
  readonly given: PerfSettings;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A run of kafka-producer-perf-test. Throws property-invalid, broker-unreachable, topic-failed. */
export async function producerPerf(options: ProducerPerfOptions): Promise<Verdict> {
  const { driver, topic, numRecords, perSec, given, print, signal } = options;
  const id = options.transactionalId ?? given.settings['transactional.id'];
  const transactional = id !== undefined || options.transactionMs !== undefined;
  const settings: Record<string, Scalar> = {
    ...given.settings,
    ...(transactional ? { 'transactional.id': String(id ?? `${TRANSACTION_PREFIX}${randomUUID()}`) } : {}),
  };
  const { client } = translateProducer(settings);
  const connection = { 'client.id': CLIENT_ID, ...given.connection };
  const admin = driver.createAdmin(connection);
  try {
    const existed = await connecting(admin, given.connection, () => topicExists(admin, topic));
    let word: BrokersWord | undefined;
    const produced = await connecting(admin, given.connection, () =>
      produceRecords({
        driver,
        clock: createClock(),
        client: { ...client, ...connection },
        topic,
        numRecords,
        perSec,
        payloads: options.payloads,
        connectTimeoutMs: existed ? CONNECT_LIMIT_MS : CREATE_LIMIT_MS,
        warmupRecords: options.warmupRecords,
        intervalMs: options.intervalMs,
        transactionMs: transactional ? (options.transactionMs ?? TRANSACTION_MS) : null,
        print,
        signal,
        async onConnected() {
          word = await askBefore(admin, topic, existed).catch(() => undefined);
        },
      }).catch((error: unknown) => {
        if (existed || word !== undefined || !(error instanceof ClientError)) throw error;
        throw new KsweepError(
          'topic-failed',
          `there is no topic named ${topic}, and asking for it made none`,
          {
            details: [error.message],
            hint: 'make it with kafka-topics; brokers make one by themselves only with auto.create.topics.enable=true',
            cause: error,
          },
        );
      }),
    );
    if (options.printMetrics) {
      const tags = `{client-id=${connection['client.id']}}`;
      for (const line of metricsLines({
        [`producer-metrics:record-send-total:${tags}`]: produced.sent,
        [`producer-metrics:record-error-total:${tags}`]: produced.failed,
        [`producer-metrics:outgoing-byte-total:${tags}`]: produced.traffic?.sent ?? 0,
      })) {
        print(line);
      }
    }
    return judgeProducer({
      numRecords,
      perSec,
      acksZero: String(settings['acks']) === '0',
      transactional,
      produced,
      grown: await grown(admin, topic, word, produced.acked),
      autoCreated: existed || word === undefined ? null : word,
    });
  } finally {
    await admin.close();
  }
}

/** What cannot be asked is not known, and no reason to throw the figures away. */
async function grown(
  admin: AdminClient,
  topic: string,
  word: BrokersWord | undefined,
  acked: number,
): Promise<number | null> {
  return word === undefined ? null : await grownBy(admin, topic, word, acked).catch(() => null);
}
