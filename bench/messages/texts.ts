import { type Language, language } from './language.ts';
import { REPORT_EN, REPORT_KO } from './report-texts.ts';

/** Texts that exist in every language; `{name}` stands for what is filled in. The compiler finds a missing key. */
const EN = {
  ...REPORT_EN,
  'first.about': 'Benchmark, compare and size Apache Kafka, with numbers that can be trusted.',
  'first.start': 'Start here',
  'first.init': 'write a workload: five questions',
  'first.local': 'run it on a Kafka that is started on this machine',
  'first.cluster': 'run it on your cluster',
  'first.jobs': 'Then',
  'first.compare': 'did it get slower? two runs, with the certainty',
  'first.codecs': 'which codec and batching for your own records?',
  'first.size': 'how many partitions and brokers?',
  'first.nightly': 'every night, against the history',
  'first.help': 'Help',
  'first.commands': 'all commands and options',
  'first.explain': 'what a metric, verdict or error means',
  'verdict.valid': 'valid',
  'verdict.pass': 'pass',
  'verdict.breach': 'breach',
  'verdict.no data': 'no data',
  'verdict.invalid': 'invalid',
  'verdict.failed': 'failed',
  'verdict.not run': 'not run',
  'error.next': 'next: {step}',
} as const;

export type TextKey = keyof typeof EN;

const KO: Readonly<Record<TextKey, string>> = {
  ...REPORT_KO,
  'first.about': 'Apache Kafka의 성능을 측정하고 비교하고 규모를 산정합니다. 믿을 수 있는 수치로.',
  'first.start': '시작하기',
  'first.init': '다섯 가지 질문으로 워크로드 만들기',
  'first.local': '이 컴퓨터에 Kafka를 띄워 실행하기',
  'first.cluster': '사용 중인 클러스터에서 실행하기',
  'first.jobs': '그다음',
  'first.compare': '느려졌습니까? 두 실행을 확실성과 함께 비교',
  'first.codecs': '우리 레코드에 맞는 코덱과 배치 설정은?',
  'first.size': '파티션과 브로커는 몇 개 필요합니까?',
  'first.nightly': '매일 밤 측정해 이력과 비교',
  'first.help': '도움말',
  'first.commands': '모든 명령과 옵션',
  'first.explain': '지표, 판정, 오류의 뜻',
  'verdict.valid': '유효',
  'verdict.pass': '통과',
  'verdict.breach': '위반',
  'verdict.no data': '자료 없음',
  'verdict.invalid': '무효',
  'verdict.failed': '실패',
  'verdict.not run': '미실행',
  'error.next': '다음: {step}',
};

const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en: EN, ko: KO };

/** Every text of a language, for tests that hold languages to each other. */
export const textsIn = (chosen: Language): Readonly<Record<TextKey, string>> => TEXTS[chosen];

/** A text in the language of this process, filled in. */
export function text(key: TextKey, values: Readonly<Record<string, string>> = {}): string {
  return TEXTS[language()][key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
