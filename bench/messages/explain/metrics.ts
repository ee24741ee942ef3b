import { LATENCIES, type LatencyName, MIN_SAMPLES, type PercentileName } from '../../results/latency.ts';
import type { Explanation } from './entry.ts';

const LATENCY: Readonly<Record<LatencyName, Explanation>> = {
  'due-to-ack': {
    means: 'Latency from when a record was due until its acknowledgement. Waiting in the client counts.',
    next: 'If it is high, compare sent-to-ack: where that is low, records waited in the client.',
  },
  'sent-to-ack': {
    means:
      'Service time: from the client taking a record until its acknowledgement. Waiting before that does not count.',
    next: 'If it is high, look at the brokers (`boundBy` in result.json), at acks and at linger.ms.',
  },
  'due-to-sent': {
    means: 'Schedule delay: from when a record was due until the client took it.',
    next: 'If it is high, the client’s queue was full or the generator was late; the reasons say which.',
  },
  'end-to-end': {
    means: 'Latency from when a record was due until a consumer received it.',
    next: 'If it is high and due-to-ack is low, look at lag, at fetch.min.bytes and at the handler.',
  },
};

const percentile = (name: PercentileName): string =>
  `${name.slice(1)} % of the samples are at or below it; blank below ${MIN_SAMPLES[name]} samples.`;

const STATISTIC: Readonly<Record<string, string>> = {
  p50: percentile('p50'),
  p75: percentile('p75'),
  p90: percentile('p90'),
  p95: percentile('p95'),
  p99: percentile('p99'),
  'p99.9': percentile('p99.9'),
  'p99.99': percentile('p99.99'),
  mean: 'This is the arithmetic mean; a few slow records move it.',
  stddev: 'This is the standard deviation of the samples.',
  min: 'This is the smallest sample.',
  max: 'This is the largest sample: one record, so it varies from repeat to repeat.',
  count: 'This is the number of samples.',
  negative: 'This is the number of samples below zero, which only clocks that differ can produce.',
};

const is = (means: string, next: string): Explanation => ({ means, next });

const OTHERS: Readonly<Record<string, Explanation>> = {
  offeredPerSec: is(
    'Records per second that were due in the window: the load that was asked for.',
    'Compare it with achievedPerSec.',
  ),
  achievedPerSec: is(
    'Records per second that were acknowledged in the window: the throughput of producers.',
    'Below 99 % of the offered rate the repeat is invalid (not-sustained).',
  ),
  achievedBytesPerSec: is(
    'Payload bytes per second that were acknowledged, before compression.',
    'Compare it with producerWire for what went over the network.',
  ),
  receivedPerSec: is(
    'Records per second that consumers received, summed over groups.',
    'Below the achieved rate times the groups, consumers fall behind: see lag.slope.',
  ),
  receivedBytesPerSec: is(
    'Payload bytes per second that consumers received, summed over groups.',
    'See receivedPerSec.',
  ),
  'achieved/offered': is(
    'Achieved rate divided by offered rate; 1 means that everything asked for was acknowledged in time.',
    'At least 0.99 is needed for a valid repeat.',
  ),
  'search.lowPerSec': is(
    'The sustainable rate: the highest rate that met every criterion of the search.',
    'Plan with less: leave headroom for failures and peaks.',
  ),
  'search.highPerSec': is(
    'The lowest rate that failed a criterion; the limit lies between it and search.lowPerSec.',
    'The failed criterion is in the result.',
  ),
  due: is(
    'Records that the schedule asked for, warm-up and drain included.',
    'Equal to sent in a repeat that ran to its end.',
  ),
  sent: is('Records that the client took.', 'Below due, the client’s queue was full.'),
  acknowledged: is('Records that brokers acknowledged.', 'Compare it with sent and failed.'),
  received: is(
    'Records that consumers received, over all groups.',
    'Acknowledged times groups, where nothing is lost.',
  ),
  failed: is(
    'Records whose delivery failed for good.',
    'See errorsByCode in result.json; `ksweep explain failed-records` tells more.',
  ),
  lost: is(
    'Records that were acknowledged and never received. Blank where it could not be checked.',
    'Check acks, replication and min.insync.replicas.',
  ),
  duplicated: is(
    'Records that a group received more than once.',
    'Set enable.idempotence: true; look for rebalances.',
  ),
  redelivered: is(
    'Deliveries by a share group of records that it had delivered before. Not counted as duplicates.',
    'Handlers gave the records back, or held them for longer than share.record.lock.duration.ms.',
  ),
  rejected: is(
    'Records that handlers of a share group rejected: no member gets them again.',
    'It follows from consumers.reject.',
  ),
  exhausted: is(
    'Records that a share group gave back at the last delivery allowed: the brokers archive them, and nobody accepted them.',
    'Raise the delivery limit (share.delivery.count.limit), or lower consumers.release.',
  ),
  expired: is(
    'Records of a share group whose handler took longer than the lock: another member gets them as well.',
    'Raise share.record.lock.duration.ms, lower max.poll.records, or shorten the handler.',
  ),
  outOfOrder: is(
    'Records received in another order than sent, within a partition.',
    'Set enable.idempotence: true.',
  ),
  foreign: is(
    'Records received that do not carry this run’s stamp.',
    'Use a topic that nothing else writes to.',
  ),
  queueFull: is(
    'Times that a record met a full client queue and had to wait.',
    'The brokers, or batches, are slower than the rate. buffer.memory sets the size of the queue.',
  ),
  committedTransactions: is(
    'Transactions that were committed.',
    'Divide sent by it for the size that was reached.',
  ),
  abortedTransactions: is('Transactions that were aborted.', 'Any makes the repeat invalid.'),
  'late.caughtUp': is(
    'Time from the first read of a group that began late until it was one second’s records behind. The slowest of several.',
    'Add members or partitions, or raise fetch.max.bytes; what it does to the other groups shows in their latency.',
  ),
  'lag.max': is(
    'Highest consumer lag: records between the end of the partitions and the position of the group, summed.',
    'Compare it with the rate: lag divided by rate is seconds behind.',
  ),
  'lag.final': is(
    'Consumer lag at the end of the window.',
    'Higher than at its start, consumers cannot keep up.',
  ),
  'lag.slope': is(
    'Growth of consumer lag, in records per second, over the window.',
    'Add consumers, up to the number of partitions, or shorten the handler.',
  ),
  'cpu.producers': is(
    'CPU of all producers, in percent of one core.',
    'Compare codecs by cpu.producerUsPerMB, which does not depend on the rate.',
  ),
  'cpu.consumers': is('CPU of all consumers, in percent of one core.', 'Compare it by cpu.consumerUsPerMB.'),
  'cpu.brokers': is(
    'CPU of all brokers, in percent of one core; blank where it cannot be read.',
    'Give --broker-metrics, or use --local.',
  ),
  'cpu.producerUsPerMB': is(
    'CPU time of producers for one MB (10⁶ bytes) of payload.',
    'Lower is cheaper; codecs differ in it most.',
  ),
  'cpu.consumerUsPerMB': is('CPU time of consumers for one MB (10⁶ bytes) of payload.', 'Lower is cheaper.'),
  'cpu.brokerUsPerMB': is(
    'CPU time of brokers for one MB (10⁶ bytes) of payload.',
    'High where brokers recompress: check the topic’s compression.type.',
  ),
  payload: is(
    'Payload bytes that were acknowledged, before compression.',
    'The base of the compression ratios.',
  ),
  producerWire: is(
    'Bytes that producers sent to brokers, after compression, protocol included.',
    'Divide payload by it for the compression on the wire.',
  ),
  consumerWire: is(
    'Bytes that consumers read from brokers, protocol included.',
    'Grows with the number of groups.',
  ),
  brokerDisk: is(
    'Bytes of the topic’s log on the brokers’ disks, replicas included.',
    'Multiply by the retention for the storage needed.',
  ),
  recordsPerRequest: is(
    'Records in one produce request, on average.',
    'Raise linger.ms or batch.size for fuller requests.',
  ),
  wirePerRecord: is(
    'Bytes per record on the wire, producers to brokers.',
    'Lower it with a codec, or with fuller batches.',
  ),
  diskPerRecord: is(
    'Bytes per record on disk, on one replica.',
    'Multiply by rate, retention and replication factor for the storage needed.',
  ),
  wireCompressionRatio: is(
    'Payload bytes divided by bytes on the wire.',
    'Higher is better; about 1 means that nothing was gained.',
  ),
  diskCompressionRatio: is('Payload bytes divided by bytes on disk of one replica.', 'Higher is better.'),
  'generator.eventLoopDelayP99': is(
    'How late the generators’ event loops were, at the 99th percentile.',
    'Above 100 ms the load cannot be trusted: use fewer generators or a faster host.',
  ),
  'generator.eventLoopDelayMax': is(
    'The longest delay of a generator’s event loop.',
    'One outlier does no harm; see the 99th percentile.',
  ),
  'generator.cpuMax': is(
    'CPU of the busiest generator, in percent of one core.',
    'Near 100 the generator is the limit: add producers.',
  ),
  'generator.queueFull': is(
    'Time with a full client queue, summed over producers.',
    'The brokers or the batches limit the rate.',
  ),
  'consumers.idle': is(
    'Consumers without a partition.',
    'More consumers than partitions do no work: lower consumers.perGroup or add partitions.',
  ),
  'consumers.rebalances': is(
    'Times that a group handed out its partitions again.',
    'In an undisturbed repeat it should be 0 after the start.',
  ),
  recovery: is(
    'Longest time from a disruption until records flowed as offered again.',
    'Compare it with session.timeout.ms and with the brokers’ election times.',
  ),
};

/** What a metric means, by its key; undefined where nothing is written of it. */
export function explainMetric(key: string): Explanation | undefined {
  const latency = LATENCIES.find((one) => key.startsWith(`${one}.`));
  if (latency === undefined) return Object.hasOwn(OTHERS, key) ? OTHERS[key] : undefined;
  const statistic = STATISTIC[key.slice(latency.length + 1)];
  const { means, next } = LATENCY[latency];
  return statistic === undefined ? undefined : { means: `${means} ${statistic}`, next };
}
