import { join } from 'node:path';
import { cliFile } from '../../../bench/common/package-root.ts';
import type { Random } from '../../../bench/common/random.ts';
import type { RunOptions } from '../../../bench/run/run-options.ts';
import type { WorkloadInput } from '../../../bench/workload/schema.ts';
import { busySibling, quota, replayStolen, slowLoopback, stopAndGo, type TakeOut } from './means.ts';
import type { Place } from './place.ts';
import type { SetupName } from './setups.ts';

/** A cause that is put into a real cluster or host, and how its name begins. */
export interface RealCause {
  readonly id: string;
  readonly name: string;
  /** How it is put in, in a few words. */
  readonly how: string;
  readonly setup: SetupName;
  readonly named: RegExp;
  readonly workload: (random: Random) => Omit<WorkloadInput, 'name' | 'seed'>;
  /** Before a run; the setup alone is the cause where it is left out. */
  readonly putIn?: (place: Place, random: Random) => TakeOut | Promise<TakeOut>;
  readonly options?: (place: Place) => Partial<RunOptions>;
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.next();
const whole = (random: Random, low: number, high: number): number => Math.round(between(random, low, high));

/** Short, and with little patience for what an overloaded broker holds back. */
const load = (rate: number, producers = 1) =>
  ({ rate, producers, warmup: '2s', duration: '10s', drainLimit: '3s' }) as const;
const PRODUCE_ONLY = { groups: 0 } as const;

const first = (pids: readonly number[]): number => {
  const [pid] = pids;
  if (pid === undefined) throw new Error('no broker');
  return pid;
};

/** Each uses little of what it does not lack: brokers and generators share the processors of one machine. */
export const REAL_CAUSES: readonly RealCause[] = [
  {
    id: 'stolen',
    name: 'CPU stolen from a load host',
    how: '/proc/stat laid over with a share of the idle time under stolen',
    setup: 'plain',
    named: /^stolen time of load host/,
    workload: (random) => ({ load: load(whole(random, 500, 2_000)) }),
    putIn: (place, random) => replayStolen(place, between(random, 0.09, 0.2)),
  },
  {
    id: 'sibling',
    name: 'a busy neighbour of the load host',
    how: 'four processes that never wait, in a sibling control group',
    setup: 'plain',
    named: /^processors of load host/,
    workload: (random) => ({ load: load(whole(random, 1_000, 3_000)) }),
    putIn: (place) => busySibling(place, 4),
  },
  {
    id: 'agent-limit',
    name: 'CPU limit on an agent',
    how: 'the agent in a control group of 0.15 to 0.25 processors',
    setup: 'plain',
    named: /^CPU limit of load host/,
    workload: (random) => ({ load: load(whole(random, 20_000, 30_000)), records: { size: 200 } }),
    putIn: (place, random) => {
      place.group('agent').limitCpu(between(random, 0.15, 0.25));
      return () => place.group('agent').limitCpu(null);
    },
    options: (place) => {
      const join1 = place.group('agent').procs.map((file) => `echo $$ > ${file}`);
      const agent = [process.execPath, cliFile(), 'agent', '--stdio'];
      const command = ['sh', '-c', [...join1, `exec ${agent.join(' ')}`].join('; ')];
      return { loadHosts: [{ name: 'limited', command, rack: null }] };
    },
  },
  {
    id: 'one-handler',
    name: 'one request handler',
    how: 'num.io.threads=1 and a topic that is compressed anew by gzip',
    setup: 'one-handler',
    named: /^request handlers of broker/,
    workload: (random) => ({
      topic: { partitions: 4, configs: { 'compression.type': 'gzip', 'compression.gzip.level': 9 } },
      records: { size: 10_000 },
      producer: { 'batch.size': 200_000, 'linger.ms': 5 },
      consumers: PRODUCE_ONLY,
      load: load(whole(random, 2_500, 3_500), 2),
    }),
  },
  {
    id: 'broker-cpu',
    name: 'a broker’s CPU limited',
    how: 'the broker in a control group of 0.12 to 0.18 processors',
    setup: 'plain',
    named: /^(processors|CPU limit) of broker/,
    workload: (random) => ({ consumers: PRODUCE_ONLY, load: load(whole(random, 5_000, 8_000)) }),
    putIn: (place, random) => {
      const group = place.group('broker');
      group.add(first(place.pids));
      group.limitCpu(between(random, 0.12, 0.18));
      return () => group.limitCpu(null);
    },
  },
  {
    id: 'slow-disk',
    name: 'a slow disk',
    how: 'logs on a loop device with 20 to 40 writes a second, flushed at each batch',
    setup: 'own-disk',
    named: /^disk of /,
    workload: (random) => ({
      topic: { partitions: 4, configs: { 'flush.messages': 1 } },
      consumers: PRODUCE_ONLY,
      load: load(whole(random, 300, 500)),
    }),
    putIn: (place, random) => {
      const group = place.group('disk');
      group.add(first(place.pids));
      group.limitWrites(join(place.folder, 'disk.img'), whole(random, 20, 40));
      return () => group.limitWrites(join(place.folder, 'disk.img'), 0);
    },
  },
  {
    id: 'slow-network',
    name: 'a slow network',
    how: 'tc tbf of 5 to 8 Mbit/s on the loopback of a network namespace',
    setup: 'own-network',
    named: /^network between the producers and/,
    workload: (random) => ({ consumers: PRODUCE_ONLY, load: load(whole(random, 2_000, 3_000)) }),
    putIn: (_, random) => slowLoopback(whole(random, 5, 8), 500),
  },
  {
    id: 'quota',
    name: 'a quota on the client',
    how: 'producer_byte_rate of 20 to 100 kB/s by kafka-configs',
    setup: 'plain',
    named: /^quota/,
    workload: (random) => ({ consumers: PRODUCE_ONLY, load: load(whole(random, 200, 400)) }),
    putIn: (place, random) => quota(place, whole(random, 20_000, 100_000)),
  },
  {
    id: 'hot-key',
    name: 'one hot key',
    how: 'one key for all records, three brokers',
    setup: 'three',
    named: /^one broker's leaders/,
    workload: (random) => ({
      topic: { partitions: 6 },
      records: { keys: { distribution: 'round-robin', cardinality: 1 } },
      load: load(whole(random, 1_000, 2_000)),
    }),
  },
  {
    id: 'slow-broker',
    name: 'one slow broker of three',
    how: 'one of three brokers stopped for 180 of each 200 ms',
    setup: 'three',
    named: /^answers of broker/,
    workload: (random) => ({
      topic: { partitions: 6 },
      consumers: PRODUCE_ONLY,
      load: load(whole(random, 200, 400)),
    }),
    putIn: ({ pids }, random) => stopAndGo(pids[whole(random, 0, 2)] ?? first(pids), 180, 200),
  },
  {
    id: 'small-heap',
    name: 'a heap too small',
    how: 'a heap of 48 MiB, of which a broker at rest needs 40',
    setup: 'small-heap',
    named: /^heap of broker/,
    workload: (random) => ({
      records: { size: 2_000 },
      producer: { 'batch.size': 200_000, 'linger.ms': 10 },
      consumers: PRODUCE_ONLY,
      load: load(whole(random, 10_000, 15_000)),
    }),
  },
  {
    id: 'slow-handlers',
    name: 'handlers too slow',
    how: 'consumers.handler of 10 to 20 ms, one consumer',
    setup: 'plain',
    named: /^consumer handlers/,
    workload: (random) => ({
      consumers: { groups: 1, perGroup: 1, handler: `${whole(random, 10, 20)}ms` },
      load: load(whole(random, 300, 600)),
    }),
  },
  {
    id: 'small-batches',
    name: 'batch.size too small',
    how: 'a record a batch, one request in flight, two replicas',
    setup: 'three',
    named: /^batch\.size/,
    workload: (random) => ({
      topic: { partitions: 6, replicationFactor: 2 },
      records: { size: 1_000 },
      producer: { 'batch.size': 1_000, 'linger.ms': 0, 'max.in.flight.requests.per.connection': 1 },
      consumers: PRODUCE_ONLY,
      load: load(whole(random, 4_000, 5_000)),
    }),
  },
];

/** Nothing put in: a load that leaves room everywhere. */
export const CALM: RealCause = {
  id: 'calm',
  name: 'nothing (calm)',
  how: 'another rate, record and number of partitions in each',
  setup: 'plain',
  named: /^$/,
  workload: (random) => ({
    topic: { partitions: whole(random, 2, 12) },
    records: { size: whole(random, 100, 2_000) },
    consumers: { groups: 1, perGroup: whole(random, 1, 2) },
    load: load(whole(random, 200, 2_000)),
  }),
};
