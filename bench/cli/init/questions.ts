import { parseDurationMs, parseRate, parseSizeBytes } from '../../common/units.ts';

/** What a workload can be asked, in the words of the question; the axes are in workload-text.ts. */
export const TOPICS = {
  batching: 'what do linger.ms and batch.size cost and save?',
  codecs: 'which compression codec suits our records?',
  durability: 'what does each level of acks cost?',
  partitions: 'how does throughput grow with partitions?',
  consumers: 'how many consumers does this traffic need?',
  'highest-rate': 'what is the highest rate below a latency limit?',
} as const;
export type TopicOfInterest = keyof typeof TOPICS;
export const TOPIC_NAMES = Object.keys(TOPICS) as TopicOfInterest[];

/** The five answers that a workload is written from, as the user wrote them. */
export interface Answers {
  readonly about: TopicOfInterest;
  /** "20MB/s", "10k/s", or `max`; where the highest rate is searched, the latency limit: "500ms". */
  readonly load: string;
  /** "1KiB", or the path of a file of records. */
  readonly records: string;
  readonly partitions: string;
  readonly repeats: string;
}

type QuestionName = keyof Answers;

export interface Question {
  readonly name: QuestionName;
  readonly text: string;
  readonly fallback: string;
  /** What is wrong with an answer; null where nothing is. `exists` tells whether there is a file of that name. */
  check(answer: string, exists: (path: string) => boolean): string | null;
}

const whole =
  (most: number) =>
  (answer: string): string | null =>
    /^\d+$/.test(answer) && Number(answer) >= 1 && Number(answer) <= most
      ? null
      : `expected a whole number from 1 to ${most}`;

const LOAD_RATE: Question = {
  name: 'load',
  text: 'How much traffic, in records or bytes per second (5000/s, 20MB/s), or max?',
  fallback: '5000/s',
  check: (answer) =>
    answer === 'max' || parseRate(answer) !== undefined
      ? null
      : 'expected a rate such as 5000/s or 20MB/s, or max',
};

const LATENCY_LIMIT: Question = {
  name: 'load',
  text: 'Below which p99 from due to acknowledged (200ms, 1s)?',
  fallback: '500ms',
  check: (answer) => ((parseDurationMs(answer) ?? 0) > 0 ? null : 'expected a duration such as 500ms'),
};

const ABOUT: Question = {
  name: 'about',
  text: `What do you want to know?\n${TOPIC_NAMES.map((name, index) => `  ${index + 1} ${name}: ${TOPICS[name]}`).join('\n')}\nA number or a name`,
  fallback: 'batching',
  check: (answer) => (topicOf(answer) === undefined ? `expected one of ${TOPIC_NAMES.join(', ')}` : null),
};

/** A topic by its name or by its number in the list. */
export function topicOf(answer: string): TopicOfInterest | undefined {
  return TOPIC_NAMES.find((name, index) => name === answer || String(index + 1) === answer);
}

/** The five questions, in order; the second depends on the first. */
export function questionsFor(about: TopicOfInterest): readonly Question[] {
  return [
    ABOUT,
    about === 'highest-rate' ? LATENCY_LIMIT : LOAD_RATE,
    {
      name: 'records',
      text: 'How large is a record (512, 1KiB)? Or the path of a file of your own, one record per line',
      fallback: '1KiB',
      check: (answer, exists) => {
        const bytes = parseSizeBytes(answer);
        if (bytes !== undefined) return bytes >= 24 ? null : 'expected at least 24 bytes';
        return exists(answer) ? null : `this is not a size, and there is no file ${answer}`;
      },
    },
    {
      name: 'partitions',
      text: 'How many partitions does the topic have?',
      fallback: '6',
      check: whole(1_000_000),
    },
    {
      name: 'repeats',
      text: 'How many repeats (2 for a first look, 5 to see the spread, 10 for a decision)?',
      fallback: '5',
      check: whole(10_000),
    },
  ];
}
