import { FakeCluster, type SimulatedCluster } from '../../bench/client/fake.ts';
import { VirtualClock } from '../../bench/client/virtual-clock.ts';
import { createRandom } from '../../bench/common/random.ts';
import { createConsumer } from '../../bench/load/consume.ts';
import { createProducer } from '../../bench/load/produce.ts';
import type { ConsumerDone, FromLoad, IntervalSnapshot, ProducerDone } from '../../bench/load/protocol.ts';
import { prepareRecorder } from '../../bench/load/recorder.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { evaluateRepeat, mergeInputOf } from '../../bench/run/judge/evaluate.ts';
import type { Measurement } from '../../bench/run/judge/measurement.ts';
import { mergeRepeat } from '../../bench/run/judge/merge.ts';
import { offeredLoad } from '../../bench/run/measure/offered-load.ts';
import type { CellWorkload } from '../../bench/workload/plan.ts';
import { type WorkloadInput, workloadSchema } from '../../bench/workload/schema.ts';
import { consumerAssignment } from './consumer-assignment.ts';
import { producerAssignment } from './producer-assignment.ts';
import { recordSource } from './record-source.ts';

const RECORD_BYTES = 64;
/** Some tens of seconds of what these clusters carry: an open tap fills it, and has to drain it. */
const QUEUE_LIMIT = 2_000;

type ShapeInput = Extract<NonNullable<WorkloadInput['load']>['rate'], object>;

class Collected<D> {
  readonly snapshots: IntervalSnapshot[] = [];
  done: D | null = null;
  received = 0;
  readonly emit = (message: FromLoad): void => {
    if (message.type === 'interval') this.snapshots.push(message.snapshot);
    else if (message.type === 'done') this.done = message.done as D;
    else if (message.type === 'progress') this.received = message.received;
  };
}

/**
 * One repeat with the real producer and consumer loops, the real merging and the real evaluation, in virtual time
 * against a simulated cluster: everything of a run but processes and Kafka.
 */
export async function simulateRepeat(
  cluster: SimulatedCluster,
  options: {
    ratePerSec: number | 'max' | ShapeInput;
    warmupSec: number;
    measureSec: number;
    seed: number;
    arrivals?: 'constant' | 'poisson';
    /** Leave the latencies out, which are most of the work: where only rates matter. */
    untimed?: boolean;
    /** The consumer ends without a report, as one that is killed. */
    killedConsumer?: boolean;
  },
): Promise<RepeatResult> {
  await prepareRecorder();
  const { arrivals = 'constant' } = options;
  const clock = new VirtualClock();
  const random = createRandom(options.seed);
  const driver = new FakeCluster(clock, cluster, random.fork('cluster'));
  const workload: CellWorkload = workloadSchema.parse({
    name: 'simulated',
    topic: { partitions: cluster.partitions },
    records: { size: RECORD_BYTES },
    load: { rate: options.ratePerSec, arrivals, warmup: options.warmupSec, duration: options.measureSec },
  });
  const producer = new Collected<ProducerDone>();
  const consumer = new Collected<ConsumerDone>();
  const common = { driver, clock, connectTimeoutMs: 1_000 };
  const produce = createProducer(
    producerAssignment({
      partitions: cluster.partitions,
      seed: options.seed,
      rate: offeredLoad(workload, 1, { meanBytes: RECORD_BYTES, pattern: null, seed: options.seed }),
      queueLimit: QUEUE_LIMIT,
      drainLimitMs: 60_000,
    }),
    recordSource(16, RECORD_BYTES),
    { ...common, emit: producer.emit },
  );
  const consume = createConsumer(consumerAssignment(), { ...common, emit: consumer.emit });
  await produce.prepare();
  await consume.prepare();
  const startUs = clock.nowUs() + 1_000;
  const loadSec = options.warmupSec + options.measureSec;
  produce.start(startUs, startUs + loadSec * 1e6);
  consume.start(startUs, startUs + loadSec * 1e6);
  const offsets: { atSec: number; high: number[] }[] = [];
  for (let second = 1; second <= loadSec; second++) {
    clock.at(startUs + second * 1e6, () => offsets.push({ atSec: second, high: [...driver.ends] }));
  }
  await clock.runUntil(() => producer.done !== null);
  consume.reportProgress?.();
  const { acked } = producer.done as unknown as ProducerDone;
  await clock.runUntil(() => consumer.received >= acked);
  consume.stop(0);
  await clock.runUntil(() => consumer.done !== null);
  driver.stop();
  await Promise.all([produce.close(), consume.close()]);
  const measurement: Measurement = {
    loadStartedAt: new Date(0),
    producers: [{ name: 'producer-0', snapshots: producer.snapshots, done: producer.done }],
    backlog: null,
    consumers: [
      {
        name: 'consumer-0-0',
        group: 'g',
        snapshots: consumer.snapshots,
        done: options.killedConsumer === true ? null : consumer.done,
      },
    ],
    offsets,
    brokers: [],
    hosts: [],
    topicStates: [],
    brokerSeconds: [],
    startOffsets: new Array<number>(cluster.partitions).fill(0),
    brokerDiskBytes: null,
    replicationFactor: 1,
    meanPayloadBytes: RECORD_BYTES,
    warmupSec: options.warmupSec,
    loadSec,
    disruptions: [],
    drainMissing: [],
    phasesMs: {},
  };
  const identity = {
    runId: 'simulated',
    cellId: 'cell',
    block: 0,
    attempt: 0,
    settings: {},
    workload,
    notes: [],
    startedAt: new Date(0).toISOString(),
    finishedAt: new Date(loadSec * 1000).toISOString(),
  };
  // The simulation shares one process with everything else: its real CPU and event loop are not the load's.
  const idle = (list: readonly IntervalSnapshot[]): IntervalSnapshot[] =>
    list.map((snapshot) => ({
      ...snapshot,
      latencies: options.untimed === true ? [] : snapshot.latencies,
      cpuUs: 0,
      eventLoopDelayP99Us: 0,
      eventLoopDelayMaxUs: 0,
    }));
  const quiet: Measurement = {
    ...measurement,
    producers: measurement.producers.map((process) => ({ ...process, snapshots: idle(process.snapshots) })),
    consumers: measurement.consumers.map((process) => ({ ...process, snapshots: idle(process.snapshots) })),
  };
  return evaluateRepeat(identity, quiet, mergeRepeat(mergeInputOf(quiet, workload))).result;
}
