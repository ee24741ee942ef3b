import type { ErrorCode } from '../../common/errors.ts';
import { type Entry, entry, inBoth } from './entry.ts';

/** Every error code that ksweep can end with; the compiler holds the list to bench/common/errors.ts. */
export const ERRORS: Readonly<Record<ErrorCode, Entry>> = {
  usage: inBoth(
    [
      'The command line is wrong: an unknown option, a missing argument, or options that exclude each other.',
      'Read the message, then `ksweep COMMAND --help`.',
    ],
    [
      '명령줄이 잘못되었습니다. 알 수 없는 옵션이거나, 인자가 빠졌거나, 함께 쓸 수 없는 옵션입니다.',
      '메시지를 읽고 `ksweep 명령 --help`를 확인하세요.',
    ],
  ),
  'workload-invalid': inBoth(
    [
      'The workload file has an unknown key, a value out of range, or settings that contradict each other.',
      'Correct every line that is listed, then check the file with `ksweep validate FILE`.',
    ],
    [
      '워크로드 파일에 알 수 없는 키, 범위를 벗어난 값, 또는 서로 모순되는 설정이 있습니다.',
      '표시된 줄을 모두 고친 뒤 `ksweep validate 파일`로 확인하세요.',
    ],
  ),
  'workload-missing': inBoth(
    ['The workload file cannot be read.', 'Check the path, or write a new workload with `ksweep init`.'],
    ['워크로드 파일을 읽을 수 없습니다.', '경로를 확인하거나 `ksweep init`으로 새 워크로드를 만드세요.'],
  ),
  'threshold-invalid': inBoth(
    [
      'A threshold names no known metric, unit or comparison.',
      'Write it like `due-to-ack p99 < 20ms`; `ksweep explain` lists the metrics.',
    ],
    [
      '임계값에 알 수 없는 지표, 단위 또는 비교 연산이 있습니다.',
      '`due-to-ack p99 < 20ms`처럼 쓰세요. 지표 목록은 `ksweep explain`으로 볼 수 있습니다.',
    ],
  ),
  'property-invalid': inBoth(
    [
      'A Kafka client setting has a value that the client refuses.',
      'Use a value that the message names. Settings have the names of Kafka’s Java client.',
    ],
    [
      'Kafka 클라이언트 설정의 값을 클라이언트가 받아들이지 않습니다.',
      '메시지에 나온 값을 쓰세요. 설정 이름은 Kafka Java 클라이언트의 이름과 같습니다.',
    ],
  ),
  'client-properties-invalid': inBoth(
    [
      'The properties file for the connection, or a KSWEEP_ variable, is wrong.',
      'Correct the line that is named. The file is the one that Kafka’s own tools take with --command-config.',
    ],
    [
      '연결용 properties 파일이나 KSWEEP_ 환경 변수가 잘못되었습니다.',
      '표시된 줄을 고치세요. Kafka 도구의 --command-config에 쓰는 파일과 같은 형식입니다.',
    ],
  ),
  'run-folder-invalid': inBoth(
    [
      'The folder is not a run folder, or a file in it is damaged or from another version.',
      'Check the path. A run that was cut off continues with `ksweep run --resume DIR`.',
    ],
    [
      '실행 폴더가 아니거나, 폴더 안의 파일이 손상되었거나 다른 버전의 파일입니다.',
      '경로를 확인하세요. 중단된 실행은 `ksweep run --resume 폴더`로 이어서 할 수 있습니다.',
    ],
  ),
  'sizing-input': entry(
    'An answer that sizing needs is missing or is not a figure with a known unit.',
    'Correct the option or the line of the demand file that is named.',
  ),
  'sizing-infeasible': entry(
    'No cluster within the given limits carries the demand.',
    'Raise the limit that the message names, or lower the demand.',
  ),
  'not-comparable': entry(
    'The two runs differ in more than what is compared: brokers, hardware, payload or version.',
    'Measure both under the same conditions, or allow the named difference with --allow.',
  ),
  'spec-invalid': entry(
    'The file that describes a cluster on EC2 has a problem.',
    'Correct the line that is named; infra/clusters/ has examples.',
  ),
  'listen-failed': inBoth(
    [
      'The address of --metrics-listen cannot be used.',
      'Choose a free port, or stop what is listening there.',
    ],
    [
      '--metrics-listen의 주소를 사용할 수 없습니다.',
      '비어 있는 포트를 고르거나, 그 포트를 쓰는 프로그램을 멈추세요.',
    ],
  ),
  'history-input': entry(
    'The history of nights holds no series or night of that name.',
    'See what it holds with `ksweep history list`.',
  ),
  'setup-failed': inBoth(
    [
      'Something that ksweep needs on this machine is missing: Java, Maven, a compiler, or the client addon.',
      'Install what the message names, then run `npm start` again.',
    ],
    [
      '이 컴퓨터에 필요한 것(Java, Maven, 컴파일러, 클라이언트 애드온)이 없습니다.',
      '메시지에 나온 것을 설치한 뒤 `npm start`를 다시 실행하세요.',
    ],
  ),
  'cluster-failed': inBoth(
    [
      'A local Kafka broker did not start, or ended by itself.',
      'Read the last lines of its log in the message. A port in use and too little memory are the usual causes.',
    ],
    [
      '로컬 Kafka 브로커가 시작되지 않았거나 스스로 종료되었습니다.',
      '메시지의 로그 마지막 줄을 확인하세요. 사용 중인 포트나 메모리 부족이 흔한 원인입니다.',
    ],
  ),
  'broker-unreachable': inBoth(
    [
      'No broker answered at the bootstrap address, or not in the way that the connection expects.',
      'Check host and port, TLS and SASL settings, and that brokers advertise names that this host can resolve.',
    ],
    [
      '부트스트랩 주소의 브로커가 응답하지 않거나, 연결 설정과 맞지 않게 응답합니다.',
      '호스트와 포트, TLS와 SASL 설정, 그리고 브로커가 알리는(advertised) 주소를 이 호스트에서 찾을 수 있는지 확인하세요.',
    ],
  ),
  'topic-failed': inBoth(
    [
      'A topic could not be made, described or deleted.',
      'Check the rights of the user, the replication factor against the brokers, and the topic configs.',
    ],
    [
      '토픽을 만들거나 조회하거나 삭제할 수 없습니다.',
      '사용자 권한, 브로커 수에 대한 복제 계수, 토픽 설정을 확인하세요.',
    ],
  ),
  'group-failed': inBoth(
    [
      'The brokers refused the configs of a consumer group or share group.',
      'Share groups need Kafka 4.2 or later; check consumers.groupConfigs against the brokers’ version and the user’s rights.',
    ],
    [
      '브로커가 컨슈머 그룹 또는 공유 그룹의 설정을 거부했습니다.',
      '공유 그룹(share group)에는 Kafka 4.2 이상이 필요합니다. consumers.groupConfigs와 브로커 버전, 사용자 권한을 확인하세요.',
    ],
  ),
  'guard-tripped': inBoth(
    [
      'A limit of the workload’s guard was exceeded: the cluster, or another user of it, was affected. The run stopped itself.',
      'Lower the load or wait, then continue with `ksweep run --resume`; what was measured is kept.',
    ],
    [
      '워크로드의 guard 한도를 넘었습니다. 클러스터나 다른 사용자가 영향을 받고 있어 실행을 스스로 멈췄습니다.',
      '부하를 낮추거나 기다린 뒤 `ksweep run --resume`으로 계속하세요. 측정된 결과는 보존됩니다.',
    ],
  ),
  'load-process-died': inBoth(
    [
      'The process that generates the load ended by itself.',
      'Check memory (was it killed by the kernel?), then continue with `ksweep run --resume DIR`.',
    ],
    [
      '부하를 만드는 프로세스가 스스로 종료되었습니다.',
      '메모리를 확인하고(커널이 종료시켰습니까?) `ksweep run --resume 폴더`로 이어서 하세요.',
    ],
  ),
  'ready-timeout': inBoth(
    [
      'Producers or consumers did not get ready in time: no connection, or no partitions assigned.',
      'Check that the cluster answers (`ksweep doctor --bootstrap-server …`) and that the group may be joined.',
    ],
    [
      '프로듀서나 컨슈머가 제시간에 준비되지 않았습니다(연결 없음 또는 파티션 할당 없음).',
      '`ksweep doctor --bootstrap-server …`로 클러스터가 응답하는지, 그룹에 참여할 수 있는지 확인하세요.',
    ],
  ),
  'phase-timeout': inBoth(
    [
      'A phase of a repeat took far longer than planned.',
      'Look for a broker or host that stands still, then continue with `ksweep run --resume DIR`.',
    ],
    [
      '반복의 한 단계가 계획보다 훨씬 오래 걸렸습니다.',
      '멈춰 있는 브로커나 호스트가 있는지 확인한 뒤 `ksweep run --resume 폴더`로 이어서 하세요.',
    ],
  ),
  'disk-full': inBoth(
    [
      'The disk has no room for results or payloads.',
      'Free some space, then continue with `ksweep run --resume DIR`.',
    ],
    [
      '결과나 페이로드를 저장할 디스크 공간이 없습니다.',
      '공간을 확보한 뒤 `ksweep run --resume 폴더`로 이어서 하세요.',
    ],
  ),
  'run-folder-unwritable': inBoth(
    [
      'Files cannot be written where the results go.',
      'Check the rights of the folder, or choose another with --results.',
    ],
    [
      '결과를 저장할 위치에 파일을 쓸 수 없습니다.',
      '폴더 권한을 확인하거나 --results로 다른 폴더를 고르세요.',
    ],
  ),
  'aws-failed': entry(
    'AWS refused a request or did not answer.',
    'Read its message: credentials, region, quota or capacity. `ksweep infra status` tells what is there.',
  ),
  'ansible-failed': entry(
    'A playbook failed on a host.',
    'Read the task that failed, then run `ksweep infra configure` again: it changes only what is missing.',
  ),
  'history-locked': entry(
    'Another process writes to the same history.',
    'Wait until it has ended. The lock names its host and process.',
  ),
  'history-remote-failed': entry(
    'The shared storage of the history could not be read or written.',
    'Check the client (`aws`, `rclone` or `mc`) and its credentials; the local history is complete.',
  ),
  internal: inBoth(
    [
      'A defect of ksweep itself.',
      'Please report it with the message and the command. What was measured before is kept.',
    ],
    ['ksweep 자체의 결함입니다.', '메시지와 명령을 함께 알려 주세요. 그 전에 측정한 결과는 남아 있습니다.'],
  ),
  'load-host-failed': inBoth(
    [
      'A load host cannot be used: its command failed, it runs another version, or it stopped answering.',
      'Read the message for the host, then look at all of them with `ksweep agents check --load-hosts WHERE`.',
    ],
    [
      '부하 호스트를 쓸 수 없습니다. 명령이 실패했거나, 버전이 다르거나, 응답이 끊겼습니다.',
      '메시지에서 호스트를 확인하고 `ksweep agents check --load-hosts WHERE`로 모두 점검하세요.',
    ],
  ),
  'kubernetes-failed': inBoth(
    [
      'The pods that generate the load could not be made, did not run in time, or could not be removed.',
      'The message has the cluster’s own reason and the next step; `kubectl get events` shows the rest.',
    ],
    [
      '부하를 만드는 파드를 만들 수 없거나, 제때 실행되지 않았거나, 삭제할 수 없습니다.',
      '메시지에 클러스터가 말한 이유와 다음 단계가 있습니다. 나머지는 `kubectl get events`로 확인하세요.',
    ],
  ),
  'sample-invalid': inBoth(
    [
      'The sample file cannot be read or written, is cut off, or is not a sample.',
      'Take it again with `ksweep sample --topic TOPIC -o FILE`.',
    ],
    [
      '샘플 파일을 읽거나 쓸 수 없거나, 잘렸거나, 샘플 파일이 아닙니다.',
      '`ksweep sample --topic 토픽 -o 파일`로 다시 만드세요.',
    ],
  ),
  interrupted: inBoth(
    [
      'Ctrl-C was pressed twice, or before anything was measured.',
      'Continue a run that was begun with `ksweep run --resume DIR`.',
    ],
    [
      'Ctrl-C를 두 번 눌렀거나, 측정 전에 눌렀습니다.',
      '시작된 실행은 `ksweep run --resume 폴더`로 이어서 할 수 있습니다.',
    ],
  ),
};
