import type { AdminClient, Driver } from '../client/driver.ts';
import { translateConsumer } from '../client/properties/translate.ts';
import { createClock } from '../common/clock.ts';
import { KsweepError } from '../common/errors.ts';
import { CONNECT_LIMIT_MS, connecting } from './connecting.ts';
import { consumeRecords } from './consume.ts';
import { ConsumerStats, consumerHeader } from './consumer-stats.ts';
import { judgeConsumer } from './consumer-verdict.ts';
import { metricsLines } from './metrics-lines.ts';
import type { PerfSettings } from './settings.ts';
import type { Verdict } from './verdict.ts';

const CLIENT_ID = 'perf-consumer-client';
const LIST_LIMIT_MS = 10_000;

export interface ConsumerPerfOptions {
  readonly driver: Driver;
  readonly topic: string | undefined;
  /** Instead of a topic: a regular expression that the whole name of each has to match. */
  readonly include: string | undefined;
  readonly numRecords: number;
  readonly group: string;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly detailed: boolean;
  readonly hideHeader: boolean;
  readonly fromLatest: boolean;
  readonly printMetrics: boolean;
  readonly time: (epochMs: number) => string;
  readonly given: PerfSettings;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A run of kafka-consumer-perf-test. Throws property-invalid, broker-unreachable, topic-failed, usage. */
export async function consumerPerf(options: ConsumerPerfOptions): Promise<Verdict> {
  const { driver, given, print, numRecords, timeoutMs, detailed } = options;
  const { client, maxPollRecords } = translateConsumer(given.settings);
  const connection = { 'client.id': CLIENT_ID, ...given.connection };
  const admin = driver.createAdmin(connection);
  try {
    const topics = await connecting(admin, given.connection, () => topicsOf(admin, options));
    if (!options.hideHeader) print(consumerHeader(detailed));
    const stats = new ConsumerStats({
      startMs: Date.now(),
      intervalMs: options.intervalMs,
      detailed,
      time: options.time,
      print,
    });
    const consumed = await connecting(admin, given.connection, () =>
      consumeRecords({
        driver,
        clock: createClock(),
        client: { ...client, ...connection, 'group.id': options.group },
        topics,
        numRecords,
        timeoutMs,
        pollRows: maxPollRecords,
        connectTimeoutMs: CONNECT_LIMIT_MS,
        stats,
        signal: options.signal,
        nowMs: () => Date.now(),
      }),
    );
    if (consumed.timedOut) {
      print(
        `WARNING: Exiting before consuming the expected number of records: timeout (${timeoutMs} ms) exceeded. You can use the --timeout option to increase the timeout.`,
      );
    }
    stats.printTotal(consumed.endMs);
    if (options.printMetrics) {
      const tags = `{client-id=${connection['client.id']}}`;
      for (const line of metricsLines({
        [`consumer-fetch-manager-metrics:records-consumed-total:${tags}`]: stats.records,
        [`consumer-fetch-manager-metrics:bytes-consumed-total:${tags}`]: stats.bytes,
        [`consumer-metrics:incoming-byte-total:${tags}`]: consumed.traffic?.received ?? 0,
      })) {
        print(line);
      }
    }
    return judgeConsumer({
      numRecords,
      records: stats.records,
      bytes: stats.bytes,
      timeoutMs,
      consumed,
      fromLatest: options.fromLatest,
    });
  } finally {
    await admin.close();
  }
}

/** The topic, or those whose whole name the expression matches. Throws topic-failed where there is none. */
async function topicsOf(
  admin: AdminClient,
  { topic, include }: Pick<ConsumerPerfOptions, 'topic' | 'include'>,
): Promise<string[]> {
  const all = (await admin.listTopics(LIST_LIMIT_MS)).filter((name) => !name.startsWith('__'));
  if (topic !== undefined) {
    if (all.includes(topic) || topic.startsWith('__')) return [topic];
    throw new KsweepError('topic-failed', `there is no topic named ${topic}`, {
      hint: 'kafka-consumer-perf-test would have it made, and wait for records that never come; make it first',
    });
  }
  const pattern = includePattern(include ?? '');
  const found = all.filter((name) => pattern.test(name));
  if (found.length > 0) return found;
  throw new KsweepError('topic-failed', `no topic's whole name matches --include ${include}`, {
    ...(all.length === 0 ? {} : { hint: `there are ${all.slice(0, 5).join(', ')}` }),
  });
}

/** Java matches the whole name. Throws usage for what is no regular expression. */
export function includePattern(include: string): RegExp {
  try {
    return new RegExp(`^(?:${include})$`);
  } catch (error) {
    throw new KsweepError('usage', `--include ${include}: ${(error as Error).message}`);
  }
}
