import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterUnderTest } from '../../infra/cluster-under-test.ts';
import { type MetricsEndpoint, parseEndpoints } from '../brokers/scrape.ts';
import { type ChosenClient, type ClientName, chooseClient, knowsShareGroups } from '../client/choose.ts';
import { type Address, parseAddresses } from '../client/reach/addresses.ts';
import { type Diagnosis, diagnoseAdvertised, diagnoseAll } from '../client/reach/diagnose.ts';
import { type Clock, createClock } from '../common/clock.ts';
import { inTime } from '../common/deadline.ts';
import { KsweepError } from '../common/errors.ts';
import { Agents } from '../load/agent/agents.ts';
import type { LoadGenerator } from '../load/agent/load-generator.ts';
import type { LoadHost } from '../load/agent/load-hosts.ts';
import type { ClusterInfo } from '../results/ground.ts';
import type { CellWorkload, Plan } from '../workload/plan.ts';
import { checkDisruptions } from './measure/disrupt.ts';

const CONNECT_LIMIT_MS = 25_000;
/** The client decides whether a broker can be used: it has this long to do so where a look of our own found it cannot be. */
const CLIENT_GRACE_MS = 1_500;
const COMPLAINT_LIMIT_MS = 1_000;
const REACHABLE_LIMIT_MS = 10_000;
/** A topic of a run: a name, the run's id, what sets its process apart, and its place in the plan. */
const RUN_TOPIC = /-\d{14}-[0-9a-f]{6}-[0-9a-f]{4}-/;
/** For all topics that are left at the end together: brokers that are away must not hold the run's end up. */
const LEFT_TOPICS_LIMIT_MS = 5_000;

/** Failures of the opening that say all there is to say. */
const OWN_WORDS: ReadonlySet<string> = new Set(['broker-unreachable', 'load-host-failed']);

export interface TopicPlace {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Where groups begin, by partition. */
  readonly startOffsets: readonly number[];
}

function unreachable(wrong: readonly Diagnosis[], complaint: string | null = null): KsweepError {
  const [first] = wrong;
  const said = complaint === null ? [] : [`the client says: ${complaint}`];
  return new KsweepError('broker-unreachable', `no broker can be used: ${first?.problem ?? ''}`, {
    details: [...wrong.slice(1).map(({ problem }) => problem), ...said],
    ...(first === undefined ? {} : { hint: first.remedy }),
  });
}

/** What lasts for a whole run: the observer's connection to the cluster, and a scratch folder. */
export class Session {
  readonly cluster: ClusterUnderTest;
  readonly client: ChosenClient;
  readonly clock: Clock = createClock();
  readonly scratchDir: string;
  /** Sets the topics of this process apart from those of an earlier one whose run it resumes. */
  readonly nonce = randomBytes(2).toString('hex');
  readonly observer: LoadGenerator;
  /** Where the generators live. The observer has an agent of its own: it is there also when theirs is not. */
  readonly agents: Agents;
  readonly #observers = new Agents();
  /** Pages of the brokers' metrics. */
  readonly metrics: readonly MetricsEndpoint[];
  /** Topics that the run has made and that are not deleted, as far as is known. */
  readonly topics = new Set<string>();
  /** By cell: what of its topic is other than the workload says, since the brokers refuse it. */
  adapted: ReadonlyMap<string, readonly string[]> = new Map();
  #brokers: ClusterInfo['brokers'] = [];
  #versions = { client: 'unknown', librdkafka: 'unknown' };

  private constructor(
    cluster: ClusterUnderTest,
    client: ChosenClient,
    scratchDir: string,
    loadHosts: readonly LoadHost[],
  ) {
    this.agents = new Agents(loadHosts, this.clock);
    this.cluster = cluster;
    this.client = client;
    this.scratchDir = scratchDir;
    this.metrics = parseEndpoints((cluster.metrics ?? []).join(','));
    this.observer = this.#startObserver();
  }

  /** Its failures reach whoever asks it something. */
  #startObserver(): LoadGenerator {
    const { scratchDir } = this;
    const client = this.cluster.connection;
    const driver = this.client.name;
    return this.#observers.begin({ role: 'observer', name: 'observer', driver, client, scratchDir });
  }

  /** Throws broker-unreachable or load-host-failed, having left nothing behind. */
  static async open(
    cluster: ClusterUnderTest,
    wanted?: ClientName,
    loadHosts: readonly LoadHost[] = [],
  ): Promise<Session> {
    const client = chooseClient(wanted);
    const addresses = parseAddresses(cluster.info.bootstrapServers);
    const session = new Session(cluster, client, await mkdtemp(join(tmpdir(), 'ksweep-')), loadHosts);
    try {
      session.observer.assign();
      await session.#connect(addresses);
      const wrong = await diagnoseAdvertised(
        session.#brokers.flatMap(({ id, address }) => parseAddresses(address).map((one) => ({ id, ...one }))),
        addresses,
        cluster.connection,
      );
      if (wrong.length > 0) throw unreachable(wrong);
      await session.agents.connect(client.name);
      return session;
    } catch (error) {
      // A client that is still trying would hold up the word on why.
      session.#observers.kill();
      session.agents.kill();
      await session.close();
      if (error instanceof KsweepError && OWN_WORDS.has(error.code)) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw new KsweepError(
        'broker-unreachable',
        `no broker of ${cluster.info.bootstrapServers} can be used: ${detail}`,
        { hint: 'check the address and the security settings, and that the brokers are up' },
      );
    }
  }

  /** Connects the observer, and looks meanwhile for what could keep it from doing so. */
  async #connect(addresses: readonly Address[]): Promise<void> {
    const answer = this.observer.ask({ kind: 'describe-cluster', timeoutMs: CONNECT_LIMIT_MS });
    const looked = diagnoseAll(addresses, this.cluster.connection);
    const settled = answer.then(
      () => {},
      () => {},
    );
    const wrong = await Promise.race([settled, looked]);
    if (Array.isArray(wrong)) await inTime(settled, CLIENT_GRACE_MS, undefined);
    else await settled;
    const answered = await inTime(
      answer.catch(() => null),
      0,
      null,
    );
    if (answered !== null) {
      this.#brokers = [...answered.brokers];
      this.#versions = { client: answered.client, librdkafka: answered.librdkafka };
      return;
    }
    const [found, complaint] = await Promise.all([looked, this.#complaint()]);
    if (found !== null) throw unreachable(found, complaint);
    await answer.catch((error: Error) => {
      throw complaint === null ? error : new Error(`${error.message}; the client says: ${complaint}`);
    });
  }

  async #complaint(): Promise<string | null> {
    const asked = this.observer.ask({ kind: 'complaint' }).then(
      ({ reason }) => reason,
      () => null,
    );
    return await inTime(asked, COMPLAINT_LIMIT_MS, null);
  }

  get brokers(): ClusterInfo['brokers'] {
    return this.#brokers;
  }

  get versions(): { readonly client: string; readonly librdkafka: string } {
    return this.#versions;
  }

  /** Refuses, before anything is measured, what only the cluster can tell to be impossible. */
  check(plan: Plan, adapt = false): void {
    for (const { id, workload } of plan.cells) {
      const { replicationFactor, existing } = workload.topic;
      if (!adapt && !existing && replicationFactor > this.#brokers.length) {
        throw new KsweepError(
          'workload-invalid',
          `topic.replicationFactor: cell ${id} wants ${replicationFactor} replicas; the cluster has ${this.#brokers.length} brokers`,
          {
            hint: 'use fewer replicas, or more brokers (`--local --brokers N` on this machine), or --adapt',
          },
        );
      }
      const { groups, perGroup, type, groupConfigs } = workload.consumers;
      if (
        (type === 'share' || Object.keys(groupConfigs).length > 0) &&
        !knowsShareGroups(this.client.name) &&
        groups > 0
      ) {
        const what = type === 'share' ? 'consumers.type: share' : 'consumers.groupConfigs';
        throw new KsweepError(
          'workload-invalid',
          `${what}: the ${this.client.name} client does not know it`,
          {
            hint: 'measure with --client batch',
          },
        );
      }
      const cluster = { control: this.cluster.control, brokers: this.#brokers.length };
      checkDisruptions(workload.disruptions, cluster, groups * perGroup);
    }
  }

  /** The topic of one attempt: a new name, or the existing one with the offsets at which this attempt begins. */
  async place(workload: CellWorkload, freshName: string): Promise<TopicPlace> {
    const { topic, load, consumers } = workload;
    if (!topic.existing) {
      const { partitions, replicationFactor } = topic;
      const name = `${topic.name ?? 'ksweep'}-${freshName}`;
      return { name, partitions, replicationFactor, startOffsets: new Array<number>(partitions).fill(0) };
    }
    const name = topic.name ?? '';
    const timeoutMs = REACHABLE_LIMIT_MS;
    const found = await this.observer.ask({ kind: 'describe-topic', name, timeoutMs });
    const { partitions } = found;
    const { low, high } = await this.observer.ask({ kind: 'offsets', topic: name, partitions, timeoutMs });
    const appends = load.producers > 0 || consumers.backlog > 0;
    const startOffsets = appends ? high : low;
    const silent = startOffsets.filter((offset) => offset < 0).length;
    if (silent > 0) {
      throw new KsweepError(
        'broker-unreachable',
        `topic ${name}: ${silent} of ${partitions} partitions gave no ${appends ? 'end' : 'begin'} offset within ${timeoutMs / 1000} s`,
        { hint: 'check that each partition has a leader' },
      );
    }
    return { name, ...found, startOffsets };
  }

  /** Deletes topics of a run that an earlier process left behind, as when the brokers were away at its end. */
  async removeLeftovers(runId: string): Promise<void> {
    const { names } = await this.observer.ask({ kind: 'list-topics', timeoutMs: REACHABLE_LIMIT_MS });
    const left = names.filter((name) => name.includes(`-${runId}-`));
    if (left.length > 0) {
      await this.observer.ask({ kind: 'delete-topics', names: left, timeoutMs: REACHABLE_LIMIT_MS });
    }
  }

  /** Topics that other runs have made, under way or long dead: nobody here can tell. None where the cluster does not list them. */
  async topicsOfOtherRuns(runId: string): Promise<string[]> {
    const listed = await this.observer
      .ask({ kind: 'list-topics', timeoutMs: REACHABLE_LIMIT_MS })
      .catch(() => ({ names: [] }));
    return listed.names.filter((name) => RUN_TOPIC.test(name) && !name.includes(`-${runId}-`)).toSorted();
  }

  /** Throws broker-unreachable where the cluster no longer answers, load-host-failed where a load host does not. */
  async stillReachable(runDir: string): Promise<void> {
    try {
      const dead = this.cluster.control?.deadBrokers() ?? [];
      if (dead.length > 0) throw new Error(`broker ${dead.join(', ')} has died`);
      await this.observer.ask({ kind: 'list-topics', timeoutMs: REACHABLE_LIMIT_MS });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new KsweepError('broker-unreachable', `the cluster can no longer be used: ${detail}`, {
        hint: `bring it back, then continue with: ksweep run --resume ${runDir}`,
      });
    }
    await this.agents.connect(this.client.name).catch((error: Error) => {
      throw new KsweepError('load-host-failed', error.message, {
        hint: `continue with it or with others: ksweep run --resume ${runDir} --load-hosts WHERE`,
      });
    });
  }

  /** @returns the topics that are still there, because nobody answered in time or allowed their deletion */
  async close(): Promise<string[]> {
    await this.#deleteTopics();
    await this.observer.exit();
    await Promise.all([this.#observers.exit(), this.agents.exit()]);
    await rm(this.scratchDir, { recursive: true, force: true });
    return [...this.topics];
  }

  async #deleteTopics(): Promise<void> {
    if (this.topics.size === 0) return;
    const died = this.observer.failure !== undefined;
    const observer = died ? this.#startObserver() : this.observer;
    if (died) observer.assign();
    const deadline = performance.now() + LEFT_TOPICS_LIMIT_MS;
    for (const name of [...this.topics]) {
      const timeoutMs = Math.round(deadline - performance.now());
      if (timeoutMs <= 0) break;
      // Also where the observer cannot even connect, and so does not come to its own time limit.
      const asked = observer.ask({ kind: 'delete-topics', names: [name], timeoutMs }).then(
        () => true,
        () => false,
      );
      if (await inTime(asked, timeoutMs, false)) this.topics.delete(name);
    }
    if (died) await observer.exit();
  }
}
