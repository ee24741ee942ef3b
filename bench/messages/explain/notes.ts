import { type Entry, entry, inBoth } from './entry.ts';

/** What weakens the figures of a repeat without making it invalid, by the code of the note. */
export const NOTES = {
  'smoke-scale': inBoth(
    [
      'Brokers and load generator shared a machine.',
      'Compare settings with it roughly; for figures of your cluster, run against your cluster.',
    ],
    [
      '브로커와 부하 생성기가 같은 컴퓨터를 썼습니다.',
      '설정을 대략 비교하는 데만 쓰세요. 실제 수치는 실제 클러스터에서 측정하세요.',
    ],
  ),
  'topic-adapted': inBoth(
    [
      'The brokers refuse the topic that the workload asks for, and --adapt measured the nearest one that they take.',
      'Compare it with cells of the same topic only, and put what the service forces into the workload.',
    ],
    [
      '브로커가 워크로드의 토픽을 거부해, --adapt가 브로커가 받아들이는 가장 가까운 토픽으로 측정했습니다.',
      '같은 토픽의 셀끼리만 비교하고, 서비스가 강제하는 값을 워크로드에 적으세요.',
    ],
  ),
  'clock-error': inBoth(
    [
      'The error of the clocks between load hosts is too large for the end-to-end latencies of this cell.',
      'Use load hosts nearer to each other, or the figure of producer and consumer on one host.',
    ],
    [
      '부하 호스트 사이의 시계 오차가 이 셀의 종단 간 지연 시간에 비해 너무 큽니다.',
      '서로 가까운 부하 호스트를 쓰거나, 프로듀서와 컨슈머가 같은 호스트에 있는 수치를 보세요.',
    ],
  ),
  'warm-up-cut': inBoth(
    [
      'The first seconds after the fixed warm-up differed from the rest and were left out.',
      'Lengthen load.warmup to keep the whole window.',
    ],
    ['워밍업 뒤의 처음 몇 초가 나머지와 달라 제외했습니다.', '전체 구간을 쓰려면 load.warmup을 늘리세요.'],
  ),
  'too-short-to-tell': inBoth(
    ['The window is too short to tell a steady state, or growing lag.', 'Use load.duration: 20s or more.'],
    ['구간이 너무 짧아 정상 상태나 랙 증가를 판단할 수 없습니다.', 'load.duration을 20s 이상으로 하세요.'],
  ),
  'loss-unchecked': inBoth(
    [
      'A process left no report, so lost records could not be counted.',
      'Expected where a consumer is killed on purpose; otherwise look for a host that ran out of memory.',
    ],
    [
      '보고를 남기지 않은 프로세스가 있어 손실을 셀 수 없습니다.',
      '일부러 컨슈머를 종료했다면 정상입니다. 아니라면 메모리 부족을 확인하세요.',
    ],
  ),
  'acks-0': inBoth(
    [
      'With acks=0 no broker answers: the latency is that of writing to the socket.',
      'Do not compare it with the latency of acks=1 or acks=all.',
    ],
    [
      'acks=0에서는 브로커가 응답하지 않습니다. 지연 시간은 소켓에 쓰는 시간일 뿐입니다.',
      'acks=1이나 acks=all의 지연 시간과 비교하지 마세요.',
    ],
  ),
  burstable: entry(
    'The brokers run on an instance type with CPU credits.',
    'Use a type without credits for figures that last.',
  ),
  bursting: entry(
    'The traffic is above what the instance type carries for good.',
    'Expect it to drop when the burst is used up; use a larger type, or a lower rate.',
  ),
  'batch-above-topic': entry(
    'batch.size is above the topic’s max.message.bytes.',
    'Lower batch.size, or raise max.message.bytes.',
  ),
  'batch-may-exceed-topic': entry(
    'A batch that compresses badly can exceed the topic’s max.message.bytes.',
    'Lower batch.size, or raise max.message.bytes.',
  ),
  'record-above-topic': entry(
    'One record is larger than the topic’s max.message.bytes.',
    'Lower records.size, or raise max.message.bytes.',
  ),
  'compacted-without-keys': entry(
    'The topic is compacted and the records have no keys.',
    'Set records.keys, or another cleanup.policy.',
  ),
  'too-few-replicas': entry(
    'min.insync.replicas is above the replication factor: no record can be acknowledged with acks=all.',
    'Lower min.insync.replicas, or raise the replication factor.',
  ),
  'transaction-too-long': entry(
    'A transaction takes longer than transaction.timeout.ms at this rate.',
    'Lower transaction.size, or raise transaction.timeout.ms.',
  ),
  'transaction-above-broker': entry(
    'transaction.timeout.ms is above what brokers allow by default.',
    'Lower it, or raise transaction.max.timeout.ms on the brokers.',
  ),
  'session-outside-broker': entry(
    'session.timeout.ms is outside what brokers allow by default.',
    'Choose a value from 6 s to 30 min, or change the brokers’ limits.',
  ),
  'killed-member-outlives-drain': entry(
    'A killed consumer keeps its partitions for session.timeout.ms, longer than the drain waits.',
    'Raise load.drainLimit, or lower session.timeout.ms.',
  ),
  'static-member-waits': entry(
    'A static member keeps its partitions after it has left, until its session ends.',
    'Lower session.timeout.ms, or leave out group.instance.id.',
  ),
  'handler-outlasts-poll': entry(
    'The handler needs longer for one poll than max.poll.interval.ms allows.',
    'Lower max.poll.records, or raise max.poll.interval.ms.',
  ),
  'handler-below-rate': entry(
    'The consumers handle fewer records per second than load.rate offers: lag will grow.',
    'Add consumers, raise consumers.concurrency, or lower load.rate.',
  ),
} as const satisfies Readonly<Record<string, Entry>>;
