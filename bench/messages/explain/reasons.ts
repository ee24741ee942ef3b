import { type Entry, inBoth } from './entry.ts';

/** Why a repeat is invalid or failed, by the code of the reason. */
export const REASONS = {
  'generator-limit': inBoth(
    [
      'The load generator, not the cluster, held the load back.',
      'Lower load.rate, add producers, or load from more hosts.',
    ],
    [
      '클러스터가 아니라 부하 생성기가 한계였습니다.',
      'load.rate를 낮추거나, 프로듀서 또는 부하 호스트를 늘리세요.',
    ],
  ),
  'host-delayed': inBoth(
    [
      'The load host took processor time away from the generator: stolen time, or a CPU limit.',
      'Use a host that is not shared and has no burst credits, or raise the container’s CPU limit. `ksweep doctor` checks the host.',
    ],
    [
      '부하 호스트가 생성기의 CPU 시간을 빼앗았습니다(스틸 타임 또는 CPU 제한).',
      '공유되지 않고 버스트 크레딧이 없는 호스트를 쓰거나 컨테이너의 CPU 제한을 올리세요. `ksweep doctor`로 호스트를 점검할 수 있습니다.',
    ],
  ),
  'host-limit': inBoth(
    [
      'A load host was at the end of its processors or of its network, and the cluster was not.',
      'Add load hosts: the message says how many of this kind the rate would need. Or take larger ones, or lower load.rate.',
    ],
    [
      '클러스터가 아니라 부하 호스트의 프로세서나 네트워크가 한계였습니다.',
      '부하 호스트를 늘리세요. 같은 종류의 호스트가 몇 대 필요한지 메시지에 나옵니다. 더 큰 호스트를 쓰거나 load.rate를 낮춰도 됩니다.',
    ],
  ),
  'refused-record': inBoth(
    [
      'The client stopped taking records because of a fatal error.',
      'Read the client’s error in the message; a fenced producer or a missing right is the usual cause.',
    ],
    [
      '치명적인 오류로 클라이언트가 레코드를 더 받지 않았습니다.',
      '메시지의 클라이언트 오류를 확인하세요. 펜싱된 프로듀서나 권한 부족이 흔한 원인입니다.',
    ],
  ),
  'clocks-contradict': inBoth(
    [
      'Two load hosts’ clocks contradict themselves: records were received before they were due, by more than the clock error explains.',
      'Measure again; if it stays, look for a virtual machine that is moved or suspended, and keep producers and consumers on one host.',
    ],
    [
      '부하 호스트들의 시계가 서로 모순됩니다. 시계 오차로 설명되지 않을 만큼 레코드가 예정보다 먼저 수신되었습니다.',
      '다시 측정하세요. 계속되면 이동되거나 일시 중지되는 가상 머신이 있는지 확인하고, 프로듀서와 컨슈머를 한 호스트에 두세요.',
    ],
  ),
  'nothing-due': inBoth(
    [
      'No record was due in the measured window: the rate is too low for its length.',
      'Raise load.rate or load.duration.',
    ],
    [
      '측정 구간에 보낼 레코드가 없었습니다. 구간 길이에 비해 속도가 너무 낮습니다.',
      'load.rate나 load.duration을 늘리세요.',
    ],
  ),
  'nothing-acknowledged': inBoth(
    [
      'Records were due, and the brokers acknowledged none of them in the measured window.',
      'Check the delivery errors, the topic’s min.insync.replicas and the state of the brokers.',
    ],
    [
      '측정 구간에 브로커가 확인(ack)한 레코드가 하나도 없습니다.',
      '전송 오류, 토픽의 min.insync.replicas, 브로커 상태를 확인하세요.',
    ],
  ),
  'nothing-read': inBoth(
    [
      'Consumers read nothing in the measured window.',
      'Check that the group may read the topic, and that consumers were assigned partitions.',
    ],
    ['측정 구간에 컨슈머가 읽은 레코드가 하나도 없습니다.', '그룹의 읽기 권한과 파티션 할당을 확인하세요.'],
  ),
  'not-sustained': inBoth(
    [
      'The achieved rate is below 99 % of the offered rate: the cluster cannot carry it.',
      'Find the highest rate that it carries with `ksweep run FILE --find-max`.',
    ],
    [
      '달성 속도가 제공 속도의 99 %에 미치지 못했습니다. 클러스터가 이 속도를 감당하지 못합니다.',
      '`ksweep run 파일 --find-max`로 감당할 수 있는 최대 속도를 찾으세요.',
    ],
  ),
  lost: inBoth(
    [
      'Records that a broker had acknowledged were never received.',
      'Check acks, replication factor, min.insync.replicas and unclean leader elections.',
    ],
    [
      '브로커가 확인(ack)한 레코드를 컨슈머가 끝내 받지 못했습니다.',
      'acks, 복제 계수, min.insync.replicas, unclean leader election을 확인하세요.',
    ],
  ),
  'not-recognised': inBoth(
    [
      'Records were received that do not carry this run’s stamp, so they come from elsewhere.',
      'Use a topic of the run’s own, or stop what else writes to it.',
    ],
    [
      '이번 실행의 표시가 없는 레코드를 받았습니다. 다른 곳에서 온 레코드입니다.',
      '실행 전용 토픽을 쓰거나, 그 토픽에 쓰는 다른 프로그램을 멈추세요.',
    ],
  ),
  duplicated: inBoth(
    [
      'Records were received more than once.',
      'Set enable.idempotence: true and look for rebalances during the repeat.',
    ],
    [
      '같은 레코드를 두 번 이상 받았습니다.',
      'enable.idempotence: true로 설정하고, 반복 중 리밸런스가 있었는지 확인하세요.',
    ],
  ),
  'out-of-order': inBoth(
    [
      'Records of one producer were received in another order than they were sent, within a partition.',
      'Set enable.idempotence: true, or max.in.flight.requests.per.connection: 1.',
    ],
    [
      '한 파티션 안에서 레코드가 보낸 순서와 다르게 도착했습니다.',
      'enable.idempotence: true 또는 max.in.flight.requests.per.connection: 1로 설정하세요.',
    ],
  ),
  'failed-records': inBoth(
    [
      'The client gave up on some records: they were not delivered.',
      'See the delivery errors of the repeat; delivery.timeout.ms sets how long it tries.',
    ],
    [
      '일부 레코드가 전달되지 않았습니다.',
      '전송 오류를 확인하세요. delivery.timeout.ms가 재시도 시간을 정합니다.',
    ],
  ),
  'aborted-transactions': inBoth(
    [
      'Transactions were aborted.',
      'See the delivery errors; transaction.timeout.ms and the brokers’ state are where to look.',
    ],
    ['트랜잭션이 중단되었습니다.', '전송 오류와 transaction.timeout.ms, 브로커 상태를 확인하세요.'],
  ),
  'not-steady': inBoth(
    [
      'The figures were still changing in the second half of the window, so no single number describes it.',
      'Lengthen load.warmup and load.duration, or lower load.rate.',
    ],
    [
      '구간 후반까지 값이 계속 변해서 하나의 값으로 나타낼 수 없습니다(정상 상태 아님).',
      'load.warmup과 load.duration을 늘리거나 load.rate를 낮추세요.',
    ],
  ),
  'poll-interval-exceeded': inBoth(
    [
      'A consumer did not poll within max.poll.interval.ms and lost its place in the group.',
      'Lower max.poll.records, shorten the handler, or raise max.poll.interval.ms.',
    ],
    [
      '컨슈머가 max.poll.interval.ms 안에 poll하지 않아 그룹에서 제외되었습니다.',
      'max.poll.records를 줄이거나, 처리 시간을 줄이거나, max.poll.interval.ms를 늘리세요.',
    ],
  ),
  'lag-growing': inBoth(
    [
      'Consumer lag grew through the whole window: the consumers cannot keep up with this rate.',
      'Add consumers (up to the number of partitions), shorten the handler, or lower load.rate.',
    ],
    [
      '컨슈머 랙이 계속 늘었습니다. 컨슈머가 이 속도를 따라가지 못합니다.',
      '컨슈머를 늘리거나(파티션 수까지), 처리 시간을 줄이거나, load.rate를 낮추세요.',
    ],
  ),
  'drain-incomplete': inBoth(
    [
      'Consumers had not read everything when the time for draining was over.',
      'Raise load.drainLimit, or lower the rate.',
    ],
    [
      '남은 레코드를 읽는 시간이 끝났을 때 컨슈머가 다 읽지 못했습니다.',
      'load.drainLimit을 늘리거나 속도를 낮추세요.',
    ],
  ),
  'search-unanswered': inBoth(
    [
      'The search for the highest rate ended without an answer, because a probe failed each time.',
      'Correct what the probe’s own reason names, then continue with `ksweep run --resume DIR`.',
    ],
    [
      '탐침(probe)이 매번 실패해서 최대 속도를 찾지 못했습니다.',
      '탐침의 원인을 해결한 뒤 `ksweep run --resume 폴더`로 이어서 하세요.',
    ],
  ),
  'no-sustained-rate': inBoth(
    [
      'No rate that was tried met the criteria.',
      'Set load.rate.search.min lower, or loosen the latency limit.',
    ],
    [
      '시도한 속도 중 기준을 만족한 것이 없습니다.',
      'load.rate.search.min을 낮추거나 지연 시간 한계를 완화하세요.',
    ],
  ),
  'broker-refused': inBoth(
    [
      'A broker refused a request during the repeat.',
      'Read the broker’s error in the message: rights, quotas and topic configs are the usual causes.',
    ],
    [
      '반복 중에 브로커가 요청을 거부했습니다.',
      '메시지의 브로커 오류를 확인하세요. 권한, 쿼터, 토픽 설정이 흔한 원인입니다.',
    ],
  ),
} as const satisfies Readonly<Record<string, Entry>>;
