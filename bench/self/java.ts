import { javaCommand } from '../../infra/local/java.ts';
import type { Measured } from './rounds.ts';
import { timed } from './timed.ts';

/** Runs one of Kafka's tools. */
const timedJava = (jars: string, args: readonly string[]) =>
  timed(javaCommand(), ['-Xmx512m', '-cp', jars, ...args]);

/** Kafka's own kafka-producer-perf-test. */
export async function javaProducer(
  { jars, topic, records, sizeBytes }: { jars: string; topic: string; records: number; sizeBytes: number },
  properties: Readonly<Record<string, string | number>>,
): Promise<Measured> {
  const { stdout, cpuSec } = await timedJava(jars, [
    'org.apache.kafka.tools.ProducerPerformance',
    ...['--topic', topic, '--num-records', String(records), '--record-size', String(sizeBytes)],
    ...['--throughput', '-1', '--command-property'],
    ...Object.entries(properties).map(([key, value]) => `${key}=${value}`),
  ]);
  const found = [...stdout.matchAll(/records sent, ([\d.]+) records\/sec/g)].at(-1)?.[1];
  if (found === undefined) throw new Error(`kafka-producer-perf-test printed no rate: ${stdout.slice(-500)}`);
  return { ratePerSec: Number(found), cpuSecPerMillion: (cpuSec * 1e6) / records };
}

/** Kafka's own kafka-consumer-perf-test; the rate is that of fetching, without its joining of the group. */
export async function javaConsumer({
  jars,
  topic,
  records,
  bootstrapServers,
}: {
  jars: string;
  topic: string;
  records: number;
  bootstrapServers: string;
}): Promise<Measured> {
  const { stdout, cpuSec } = await timedJava(jars, [
    'org.apache.kafka.tools.ConsumerPerformance',
    ...['--bootstrap-server', bootstrapServers, '--topic', topic, '--num-records', String(records)],
    ...['--timeout', '60000', '--hide-header'],
  ]);
  // start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, fetch MB/s, fetch records/s
  const found = stdout
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .find((cells) => cells.length >= 10)?.[9];
  if (found === undefined) throw new Error(`kafka-consumer-perf-test printed no rate: ${stdout.slice(-500)}`);
  return { ratePerSec: Number(found), cpuSecPerMillion: (cpuSec * 1e6) / records };
}
