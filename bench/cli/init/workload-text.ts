import { parseSizeBytes } from '../../common/units.ts';
import { type Answers, TOPICS, type TopicOfInterest } from './questions.ts';

interface Shape {
  /** Comment lines: how to read the answer. */
  readonly reading: readonly string[];
  /** Lines of `producer:` beyond nothing. */
  readonly producer?: readonly string[];
  readonly axes: (answers: Answers) => readonly string[];
}

const SHAPES: Readonly<Record<TopicOfInterest, Shape>> = {
  batching: {
    reading: [
      'Full batches compress better and cost fewer requests; waiting for them costs latency.',
      'Compare due→ack p99 with bytes per record on the wire.',
    ],
    producer: ['compression.type: lz4'],
    axes: () => ['linger.ms: [0, 5, 20]', 'batch.size: [16384, 131072]'],
  },
  codecs: {
    reading: [
      'Compare bytes per record on the wire, producer CPU per MB and due→ack p99.',
      'For a recommendation with a price, use `ksweep codecs` on a file of your own records.',
    ],
    producer: ['linger.ms: 10', 'batch.size: 131072'],
    axes: () => ['compression.type: [none, gzip, snappy, lz4, zstd]'],
  },
  durability: {
    reading: [
      'Compare due→ack p99 and the achieved rate at each step of durability.',
      'On three brokers or more, set topic.replicationFactor: 3 and min.insync.replicas: 2.',
    ],
    axes: () => ['acks: ["0", "1", all]'],
  },
  partitions: {
    reading: [
      'The answer is a curve: throughput by partitions, and where it stops growing.',
      '`ksweep size partitions --run DIR` turns the curve into a number of partitions.',
    ],
    axes: ({ partitions }) => [`partitions: [${steps(Number(partitions)).join(', ')}]`],
  },
  consumers: {
    reading: [
      'Consumers beyond the partitions sit idle. Lag grows where there are too few.',
      'Set consumers.handler to the time that your own code needs for one record.',
    ],
    axes: ({ partitions }) => [`consumers: [${steps(Number(partitions)).join(', ')}]`],
  },
  'highest-rate': {
    reading: [
      'Each repeat searches for the rate: it is doubled or halved until the answer is bracketed, then bisected.',
      'The answer is an interval, with the criterion that failed above it.',
    ],
    axes: () => [],
  },
};

/** 1, 2, 4 … up to the largest, which is always among them; at most six values. */
function steps(largest: number): number[] {
  const all: number[] = [];
  for (let value = largest; value >= 1 && all.length < 6; value = Math.floor(value / 2)) all.unshift(value);
  return all;
}

/** A text as YAML takes it whatever it holds. */
const quoted = (text: string): string => JSON.stringify(text);

/**
 * A commented workload for five answers that were checked before.
 * @param name of the workload: lower-case letters, digits, hyphens
 * @param payloadPath the file of records as seen from the workload file; null where a size was answered
 */
export function workloadText(answers: Answers, name: string, payloadPath: string | null): string {
  const { about, load, partitions, records, repeats } = answers;
  const { reading, producer = [], axes } = SHAPES[about];
  const swept = axes(answers);
  const searched = about === 'highest-rate';
  const atMaximum = load === 'max' && !searched;
  const lines = [
    `# Question: ${TOPICS[about]}`,
    ...reading.map((line) => `# ${line}`),
    '# Every setting: schemas/workload.schema.json. What would run, and for how long: ksweep run FILE --dry-run.',
    `name: ${name}`,
    'topic:',
    `  partitions: ${partitions}`,
    '  # 3 on a cluster of three brokers or more.',
    '  replicationFactor: 1',
    'records:',
    ...(payloadPath === null
      ? [
          '  # JSON events of this size. Your own: payload: {source: file, path: records.ndjson}',
          `  size: ${sizeText(records)}`,
        ]
      : [
          '  payload:',
          '    source: file',
          '    # Relative to this file; one record per line. format: json, length-prefixed or folder for others.',
          `    path: ${quoted(payloadPath)}`,
        ]),
    'load:',
    ...(searched
      ? [
          '  rate:',
          '    search:',
          '      # The highest rate whose p99 stays below this.',
          `      latency: ${quoted(`due-to-ack p99 < ${load}`)}`,
        ]
      : [
          atMaximum
            ? '  # As fast as the client goes: gives throughput, and no latency.'
            : '  # Offered over all producers, whether or not the cluster keeps up.',
          `  rate: ${atMaximum ? 'max' : quoted(load)}`,
        ]),
    '  producers: 1',
    '  # Not counted.',
    '  warmup: 5s',
    '  # The measured window of each repeat.',
    '  duration: 20s',
    'consumers:',
    '  groups: 1',
    ...(about === 'consumers' ? ['  # Time that one record takes to process.', '  handler: 1ms'] : []),
    ...(producer.length === 0
      ? []
      : ['# Kafka’s own names and, unless set here, the Java client’s defaults.', 'producer:']),
    ...producer.map((line) => `  ${line}`),
    ...(swept.length === 0 ? [] : ['# Every combination of these values is one cell.', 'sweep:', '  axes:']),
    ...swept.map((line) => `    ${line}`),
    '# Blocks: each runs every cell once, in random order.',
    `repeats: ${repeats}`,
    ...(searched
      ? []
      : [
          '# A breached threshold ends the run with exit status 4.',
          'thresholds:',
          ...(atMaximum ? [] : ['  - achieved/offered >= 0.99']),
          '  - lost == 0',
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Bytes as a number; a size with its unit as text. */
const sizeText = (text: string): string => (/^\d+$/.test(text) ? text : quoted(text));

/** Whether an answer about records is a size, and not a file. */
export const isSize = (records: string): boolean => parseSizeBytes(records) !== undefined;

/** A name that a workload may have, from a file's: "My sweep.yaml" → "my-sweep". */
export function nameFrom(fileName: string): string {
  const base = fileName.replace(/\.ya?ml$/i, '').toLowerCase();
  const name = base
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 61);
  return name === '' ? 'workload' : name;
}
