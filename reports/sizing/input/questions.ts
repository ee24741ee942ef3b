/**
 * Every question that sizing asks, once: the key in a demand file, and in kebab case the option on the command line.
 * Free of imports, so that `ksweep --help` stays quick.
 */
export const QUESTIONS = {
  // the topic's traffic
  average: 'average traffic of the topic: 50MB/s, or records: 20k/s',
  peak: 'traffic at the daily peak; default: the average times peakFactor',
  peakFactor: 'peak over average; default 2',
  growth: 'traffic at the planning horizon over traffic today: 1.5, or +50%; default 1',
  hottestKeyShare: 'share of the traffic under the busiest key: 5%; default 0, an even spread',
  keyed: 'records carry keys whose order matters; default yes',
  // the data
  recordSize: 'uncompressed bytes of one record: 1000, 1KiB; default: as measured, else 1000',
  compression: 'share of the bytes that compression saves: 60%; default: as measured, else 0',
  retention: 'how long records are kept: 7d, or -1 for ever; default 7d',
  phase: 'test, some-loss or no-loss: decides the replication factor (1, 2, 3)',
  replicationFactor: 'replicas of each partition; default by phase, else 3',
  minInsyncReplicas: 'min.insync.replicas; default: replication factor − 1',
  utilizationAverage: 'share of a limit that average traffic may use; default 60%',
  utilizationPeak: 'share of a limit that peak traffic may use; default 80%',
  // the consumers
  groups: 'consumer groups; default 1 (a demand file may list them with their own figures)',
  handler: 'processing time of one record: 5ms; default none',
  concurrency: 'records that one consumer handles at a time; default 1',
  spares: 'spare consumers per group; default 1',
  perPartition: 'what one partition carries, where nothing was measured: 10MB/s',
  perConsumer: 'what one consumer reads, where nothing was measured: 25MB/s',
  // the limits to hold
  latencyLimit: 'latency that must hold, for replication and for p99 where it was measured: 200ms',
  unavailabilityLimit: 'longest time without a leader when a broker fails: 2s',
  replicationLatency: 'latency that one replicated partition adds (lr of Raptis); default 0.02ms (Jun Rao)',
  electionTime: 'time without a leader that one partition adds (u of Raptis); default 5ms (Jun Rao)',
  maxReplicas: 'partition replicas a broker may hold (Hmax of Raptis); default 4000, or what MSK recommends',
  // the cluster
  brokers: 'brokers that there are; default: as many as are needed',
  existingReplicas: 'partition replicas that the cluster holds already; default 0',
  instance: 'instance type of the brokers, or own; default m6i.large (m7g.large on MSK), or that of --run',
  platform: 'self-managed or msk: whose partition caps and prices hold; default self-managed',
  region: 'region of the prices; default us-east-1',
  volume: 'gp3, io2 or local; default gp3, or local NVMe where the type has it',
  volumes: 'volumes of a broker; default 1',
  volumeThroughput: 'throughput provisioned for one volume: 250MB/s; default: as the demand needs',
  network: "a broker's network, in place of the catalogue's: 10Gb/s",
  memory: "a broker's memory, in place of the catalogue's: 32GiB",
  cores: "a broker's cores, in place of the catalogue's",
  diskSize: "a broker's disk, in place of what its volumes can hold: 4TB",
  diskThroughput: "a broker's disk throughput, in place of the catalogue's: 300MB/s",
  diskFill: 'how full a disk may be: 70%; default 75%',
  diskOverhead: 'what lies on a disk over the records: 1.2, +30%; default 1.25',
  networkWatermark: 'share of the network that peak traffic may use; default: utilizationPeak',
  diskWatermark: "share of the disks' throughput that peak traffic may use; default: utilizationPeak",
  perCore: 'count CPU by what a vCPU writes, where no run measured it: 20MB/s (Google Cloud)',
  zones: 'availability zones; default: one per replica, at most 3',
  failures:
    'brokers that may be lost while the peak is carried, or "zone"; default 1, or as many as min.insync.replicas leaves',
  maxBrokers: 'the most brokers that there may be',
  followerFetching: 'consumers read from a replica in their own zone (KIP-392)',
  // a cluster by its applications
  rebuildTime: 'longest time to copy the replicas of a lost broker again; default 4h',
  volumeSize: "size of one of a broker's volumes: 2TB",
  raid10: 'volumes are mirrored in pairs: half the space and half the writes',
  // simple and reverse
  fanOut: 'times that every byte is read, replication aside; default 1',
} as const;

export type Question = keyof typeof QUESTIONS;

/** Questions that are answered by yes or no. */
export const YES_NO: readonly Question[] = ['keyed', 'followerFetching', 'raid10'];

const DATA = [
  'recordSize',
  'compression',
  'retention',
  'phase',
  'replicationFactor',
  'minInsyncReplicas',
  'utilizationAverage',
  'utilizationPeak',
] as const satisfies readonly Question[];

const HARDWARE = [
  'instance',
  'platform',
  'region',
  'volume',
  'volumes',
  'volumeThroughput',
  'network',
  'memory',
  'cores',
  'diskSize',
  'diskThroughput',
  'diskFill',
  'diskOverhead',
  'networkWatermark',
  'diskWatermark',
  'perCore',
  'maxReplicas',
  'zones',
  'failures',
  'maxBrokers',
  'followerFetching',
] as const satisfies readonly Question[];

/** The questions of each mode, in the order of its help. */
export const QUESTIONS_OF = {
  partitions: [
    'average',
    'peak',
    'peakFactor',
    'growth',
    ...DATA,
    'groups',
    'handler',
    'concurrency',
    'spares',
    'keyed',
    'hottestKeyShare',
    'perPartition',
    'perConsumer',
    'latencyLimit',
    'unavailabilityLimit',
    'replicationLatency',
    'electionTime',
    'brokers',
    'existingReplicas',
    ...HARDWARE,
  ],
  simple: ['average', 'peak', 'peakFactor', 'growth', 'fanOut', 'brokers', ...DATA, ...HARDWARE],
  granular: [
    'utilizationAverage',
    'utilizationPeak',
    'perPartition',
    'rebuildTime',
    'volumeSize',
    'raid10',
    ...HARDWARE,
  ],
  reverse: ['brokers', 'average', 'peakFactor', 'fanOut', ...DATA, ...HARDWARE],
} as const satisfies Record<string, readonly Question[]>;
