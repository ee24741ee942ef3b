import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type fc from 'fast-check';
import { packageRoot } from '../../bench/common/package-root.ts';
import { type Mutation, textMutations, yamlMutations } from './mutations.ts';

/** A file that people write, and the commands that read it. */
export interface Subject {
  readonly name: string;
  readonly text: string;
  readonly mutations: fc.Arbitrary<readonly Mutation[]>;
  /** Puts a text where the commands find it, and gives them. */
  readonly commands: (text: string) => readonly (readonly string[])[];
}

const PROPERTIES: Readonly<Record<string, string>> = {
  'plain.properties': `# Connection settings as a cloud console hands them out
bootstrap.servers=127.0.0.1:9
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY' password='s3cr3t/with+signs==';
sasl.mechanism=PLAIN
client.dns.lookup=use_all_dns_ips
`,
  'scram.properties': `security.protocol : SASL_PLAINTEXT
sasl.mechanism   SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
    username="load" \\
    password="pa ss;w\\u00f6rd";
`,
  'oauth.properties': `security.protocol=SASL_SSL
sasl.mechanism=OAUTHBEARER
sasl.oauthbearer.token.endpoint.url=https://127.0.0.1/token
sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="a" clientSecret="b" scope="c";
`,
};

const DEMAND_MODES: Readonly<Record<string, string>> = {
  'eventsizer.yaml': 'granular',
  'shop.yaml': 'granular',
  'topic.yaml': 'partitions',
};

const SIMPLE_DEMAND = `average: 50MB/s
peakFactor: 2
fanOut: 3
retention: 3d
instance: m5.2xlarge
replicationFactor: 3
region: us-east-1
`;

const OMB_WORKLOAD = `name: 10 topics
topics: 10
partitionsPerTopic: 6
keyDistributor: KEY_ROUND_ROBIN
messageSizeDistribution: {"0-256": 234, "256-1024": 12}
useRandomizedPayloads: true
randomBytesRatio: 0.5
randomizedPayloadPoolSize: 1000
subscriptionsPerTopic: 2
consumerPerSubscription: 1
producersPerTopic: 1
producerRate: 50000
consumerBacklogSizeGB: 1
backlogDrainRatio: 0.9
testDurationMinutes: 5
`;
const OMB_DRIVER = `name: Kafka
driverClass: io.openmessaging.benchmark.driver.kafka.KafkaBenchmarkDriver
replicationFactor: 3
topicConfig: |
  min.insync.replicas=2
commonConfig: |
  bootstrap.servers=localhost:9092
  security.protocol=SASL_SSL
producerConfig: |
  acks=all
  linger.ms=1
consumerConfig: |
  auto.offset.reset=earliest
  enable.auto.commit=false
`;

const digest = (digit: string): string => digit.repeat(64);

/** A series of a history, as nightly runs write it. */
function historySeries(): string {
  const at = (night: number): string => `2026-01-${String(night).padStart(2, '0')}T02:00:00.000Z`;
  const header = {
    v: 1,
    type: 'series',
    at: at(1),
    suite: 'nightly',
    cell: 'linger.ms=5',
    metric: 'due-to-ack.p99',
    canary: false,
    settings: { 'linger.ms': 5 },
  };
  const nights = Array.from({ length: 12 }, (_, i) => ({
    v: 1,
    type: 'night',
    night: `202601${String(i + 1).padStart(2, '0')}T020000Z`,
    at: at(i + 1),
    value: i < 8 ? 5_000 + i : 6_000 + i,
    spread: { n: 5, min: 4_900, max: 6_100, iqr: 50 },
    invalid: 0,
    label: null,
    commit: 'abc',
    environment: digest('a'),
    definition: digest('b'),
    run: digest('c'),
    folder: `nights/${i}`,
    imported: false,
  }));
  return `${[header, ...nights].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** Every kind of file that ships or is read. @param dir where mutated files go */
export function subjects(dir: string): Subject[] {
  const root = packageRoot();
  const shipped = (folder: string): string[] =>
    readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml'));
  const put = (name: string, text: string): string => {
    const file = join(dir, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const yaml = (
    folder: string,
    name: string,
    commands: (file: string) => readonly (readonly string[])[],
  ): Subject => ({
    name: `${folder}/${name}`,
    text: readFileSync(join(root, folder, name), 'utf8'),
    mutations: yamlMutations,
    commands: (text) => commands(put(name, text)),
  });
  let turn = 0;
  const workload = (file: string): string[][] => [
    turn++ % 4 === 0 ? ['run', file, '--dry-run'] : ['validate', file],
  ];
  const size = (mode: string) => (file: string) => [['size', mode, '--demand', file]];
  const history = (text: string): string[][] => {
    put('history/series/nightly/linger.ms=5/due-to-ack.p99.ndjson', text);
    const folder = join(dir, 'history');
    return [
      turn++ % 2 === 0 ? ['history', 'list', '--history', folder] : ['history', 'show', '--history', folder],
    ];
  };
  return [
    ...shipped('workloads').map((name) => yaml('workloads', name, workload)),
    ...shipped('infra/clusters').map((name) => yaml('infra/clusters', name, (file) => [['spec', file]])),
    ...Object.entries(DEMAND_MODES).map(([name, mode]) => yaml('docs/examples/sizing', name, size(mode))),
    {
      name: 'simple demand',
      text: SIMPLE_DEMAND,
      mutations: yamlMutations,
      commands: (text) => size('simple')(put('simple.yaml', text)),
    },
    {
      name: 'OMB workload',
      text: OMB_WORKLOAD,
      mutations: yamlMutations,
      commands: (text) => [['import', 'omb', put('omb.yaml', text)]],
    },
    {
      name: 'OMB driver',
      text: OMB_DRIVER,
      mutations: yamlMutations,
      commands: (text) => [
        ['import', 'omb', put('omb.yaml', OMB_WORKLOAD), '--driver', put('driver.yaml', text)],
      ],
    },
    { name: 'history series', text: historySeries(), mutations: textMutations, commands: history },
    ...Object.entries(PROPERTIES).map(
      ([name, text]): Subject => ({
        name,
        text,
        mutations: textMutations,
        commands: (changed) => [['properties', put(name, changed)]],
      }),
    ),
  ];
}
