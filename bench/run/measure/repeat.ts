import { hostname } from 'node:os';
import type { ClusterControl } from '../../../infra/cluster-under-test.ts';
import type { MetricsEndpoint } from '../../brokers/scrape.ts';
import { BrokerWatch } from '../../brokers/watch.ts';
import type { Clock } from '../../common/clock.ts';
import { KsweepError } from '../../common/errors.ts';
import { hostFiles } from '../../host/files.ts';
import { HostWatch } from '../../host/watch.ts';
import type { Agents } from '../../load/agent/agents.ts';
import { Ensemble, type ProducerEntry } from '../../load/ensemble.ts';
import type { IntervalSnapshot } from '../../load/protocol.ts';
import { plannedWindowMs } from '../../workload/plan.ts';
import type { HostMeasurement, Measured, Measurement, OffsetSample } from '../judge/measurement.ts';
import { AcrossHosts } from './across-hosts.ts';
import {
  BACKLOG_LIMIT_MS,
  backlogAssignment,
  consumerAssignment,
  consumerAssignments,
  producerAssignments,
} from './assignments.ts';
import { brokerHere } from './broker-here.ts';
import { Disruptions } from './disrupt.ts';
import { Drain, stopConsumers, unsent } from './drain.ts';
import { groupOf, measured } from './measured.ts';
import { PhaseTimes } from './phase-times.ts';
import { RepeatTopic, type RepeatTopicOptions, TOPIC_LIMIT_MS } from './repeat-topic.ts';
import { Sampler } from './sampler.ts';
import { readFrom, ToRead } from './to-read.ts';

export interface RepeatOptions extends RepeatTopicOptions {
  readonly control: ClusterControl | null;
  readonly metrics: readonly MetricsEndpoint[];
  readonly agents: Agents;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onPhase: (phase: string) => void;
  readonly onSnapshot: (process: string, snapshot: IntervalSnapshot) => void;
  /** End offsets as they are sampled, each second. */
  readonly onOffsets?: ((sample: OffsetSample) => void) | undefined;
}

const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const DELETE_ATTEMPTS = 3;
/** A broker that did not answer during the load will hardly do so in the tear-down. */
const HURRIED_LIMIT_MS = 3_000;

/** One repeat of one cell: setup, ready, warm-up, measure, drain, teardown. Leaves no generator and no topic behind. */
export class Repeat {
  readonly #options: RepeatOptions;
  readonly #ensemble: Ensemble;
  readonly #across: AcrossHosts;
  readonly #disruptions: Disruptions;
  readonly #drain: Drain;
  readonly #topic: RepeatTopic;
  readonly #times = new PhaseTimes('setup');
  #brokersCheckedAt = 0;

  constructor(options: RepeatOptions) {
    this.#options = options;
    this.#ensemble = new Ensemble(options.agents, options.onSnapshot);
    this.#across = new AcrossHosts(options.agents, this.#ensemble, options.clock);
    this.#disruptions = new Disruptions(options.control);
    this.#drain = new Drain(this.#ensemble, options);
    this.#topic = new RepeatTopic(options);
  }

  get #groups(): ReadonlySet<string> {
    return new Set(this.#ensemble.consumers.map(({ assignment }) => assignment.group));
  }

  #enter(phase: string): void {
    this.#times.enter(phase);
    this.#options.onPhase(phase);
  }

  /**
   * Measures; the work, which needs nothing but the measurement, begins while generators and topic go.
   * Throws KsweepError where nothing could be measured; they are gone by then, too.
   */
  async run<T>(work: (measured: Measured) => Promise<T>): Promise<readonly [Measurement, T]> {
    const [measured, working] = await this.#measureAndGo(work);
    this.#enter('merge');
    const worked = await working;
    this.#enter('end');
    return [{ ...measured, phasesMs: this.#times.ms }, worked];
  }

  /** The work is handed on in a list: a promise alone would be waited for. */
  async #measureAndGo<T>(work: (measured: Measured) => Promise<T>): Promise<readonly [Measured, Promise<T>]> {
    try {
      const measured = await this.#measure();
      this.#enter('teardown');
      const working = work(measured);
      // Its failure is met by whoever awaits it, unless the tear-down fails first.
      working.catch(() => {});
      await this.#tearDown(measured.drainMissing.length > 0);
      return [measured, working];
    } catch (error) {
      await this.#disruptions.end().catch(() => {});
      this.#ensemble.kill();
      await this.#topic.delete(HURRIED_LIMIT_MS, 1).catch(() => {});
      throw error;
    }
  }

  async #measure(): Promise<Measured> {
    const { context, clock, control, observer, signal, onOffsets } = this.#options;
    const { workload, topic, partitions } = context;
    const ensemble = this.#ensemble;
    this.#options.onPhase('setup');
    await this.#across.connect(context.driver);
    const backlogPlan = backlogAssignment(context);
    for (const assignment of producerAssignments(context)) ensemble.addProducer(assignment);
    const backlog = backlogPlan === null ? null : ensemble.addProducer(backlogPlan);
    for (const assignment of consumerAssignments(context)) ensemble.addConsumer(assignment);
    await this.#times.step('topic', this.#topic.make(this.#groups));
    for (const { generator } of [...ensemble.producers, ...ensemble.consumers]) generator.assign();

    this.#enter('ready');
    await ensemble.ready(partitions, READY_LIMIT_MS, signal);
    signal.throwIfAborted();
    // An existing topic held bytes before: what this repeat adds is the difference.
    const diskBefore = workload.topic.existing ? ((await control?.topicBytes(topic)) ?? null) : 0;
    const producers = ensemble.producers.filter((entry) => entry !== backlog);
    if (backlog !== null) await this.#layBacklog(backlog);
    const toRead =
      producers.length > 0
        ? null
        : new ToRead(
            this.#drain,
            await this.#drain.written(backlog === null ? [] : [backlog], TOPIC_LIMIT_MS),
          );
    signal.throwIfAborted();

    const warmupMs = workload.load.warmup;
    const loadMs = warmupMs + plannedWindowMs(workload);
    const all = [...ensemble.producers, ...ensemble.consumers];
    const startUs = await this.#across.start(
      all.filter((entry) => entry !== backlog),
      loadMs,
    );
    const inMs = (startUs - clock.nowUs()) / 1000;
    const loadStartedAt = new Date(Date.now() + inMs);
    let endUs = startUs + loadMs * 1000;
    this.#across.follow(startUs);
    const sampler = new Sampler({ clock, startUs, observer, topic, partitions, control, onOffsets });
    const seconds: HostMeasurement['seconds'][number][] = [];
    const files = hostFiles();
    const brokerWatch = new BrokerWatch(this.#options.metrics, clock, startUs, (broker) =>
      brokerHere(files, control, broker),
    );
    const watch = new HostWatch(
      files,
      () => clock.nowUs(),
      () => this.#options.agents.pids,
      (second, atUs) => seconds.push({ atSec: (atUs - startUs) / 1e6, second }),
    );
    try {
      this.#enter('warmup');
      const disturb = (inMs: number, fromSec: number): void =>
        this.#disruptions.schedule(workload.disruptions, inMs, fromSec, ensemble, () =>
          this.#addConsumer(startUs, endUs),
        );
      if (toRead === null) disturb(inMs + warmupMs, warmupMs / 1000);
      const warmedUp = (): boolean => clock.nowUs() >= startUs + warmupMs * 1000;
      await this.#until(() => warmedUp() || toRead?.endsWarmUp() === true, loadMs);
      const elapsedSec = Math.max(0, clock.nowUs() - startUs) / 1e6;
      const cut = toRead === null || elapsedSec >= warmupMs / 1000 ? null : toRead.share();
      if (toRead !== null) disturb(0, elapsedSec);
      if (cut !== null) endUs = clock.nowUs() + (loadMs - warmupMs) * 1000;
      this.#enter('measure');
      await this.#measureUntil(() => clock.nowUs() >= endUs, toRead, loadMs);
      const loadSec = Math.min(loadMs / 1000, (clock.nowUs() - startUs) / 1e6);
      this.#enter('drain');
      const drainMissing = await this.#end(producers, backlog);
      const cutSec = Math.min(Math.round(elapsedSec), Math.floor(loadSec));
      const warmupSec = cut === null ? warmupMs / 1000 : readFrom(ensemble.consumers, cutSec) ? cutSec : 0;
      await this.#times.step('offsets', sampler.sample());
      const loadHosts = await this.#across.conclude();
      const diskBytes = (await control?.topicBytes(topic)) ?? null;
      return {
        loadStartedAt,
        producers: producers.map(measured),
        backlog: backlog === null ? null : measured(backlog),
        consumers: ensemble.consumers.map((entry) => ({ ...measured(entry), ...groupOf(entry.assignment) })),
        offsets: sampler.offsets,
        brokers: sampler.brokers,
        topicStates: sampler.states,
        hosts: loadHosts === null ? [{ name: hostname(), seconds }] : this.#across.hosts,
        loadHosts,
        brokerSeconds: brokerWatch.seconds,
        startOffsets: this.#options.startOffsets,
        brokerDiskBytes:
          diskBytes === null || diskBefore === null ? null : Math.max(0, diskBytes - diskBefore),
        replicationFactor: this.#options.replicationFactor,
        meanPayloadBytes: context.corpus?.meanBytes ?? 0,
        warmupSec,
        ...(cut === null ? {} : { warmupCut: { plannedSec: warmupMs / 1000, share: cut } }),
        loadSec,
        disruptions: this.#disruptions.events,
        drainMissing,
      };
    } finally {
      watch.stop();
      this.#across.stop();
      brokerWatch.stop();
      sampler.stop();
    }
  }

  /** Waits for a time in the load's course; ends early on the user's stop, and throws where a generator dies. */
  async #until(condition: () => boolean, limitMs: number): Promise<void> {
    const { signal } = this.#options;
    await this.#ensemble.wait(() => {
      this.#checkBrokers();
      return signal.aborted || condition();
    }, limitMs + 10_000);
    signal.throwIfAborted();
  }

  /** Waits for the window's end: the planned one, or that of the data where there is no more of them to read. */
  async #measureUntil(isOver: () => boolean, toRead: ToRead | null, limitMs: number): Promise<void> {
    await this.#until(() => isOver() || toRead?.isRead() === true, limitMs);
    if (isOver() || toRead === null) return;
    // Whoever else writes to an existing topic may go on: then there is no end of the data.
    if (await toRead.grows()) await this.#until(isOver, limitMs);
  }

  /** Throws broker-unreachable where a broker's process has ended that no disruption has killed. */
  #checkBrokers(): void {
    const nowMs = performance.now();
    if (nowMs < this.#brokersCheckedAt + 500) return;
    this.#brokersCheckedAt = nowMs;
    const dead = this.#options.control?.deadBrokers() ?? [];
    if (dead.length === 0 || this.#disruptions.brokerDown) return;
    throw new KsweepError('broker-unreachable', `broker ${dead.join(', ')} has died`);
  }

  async #layBacklog(backlog: ProducerEntry): Promise<void> {
    this.#enter('backlog');
    await this.#across.relate();
    const startUs = this.#options.clock.nowUs();
    const endUs = startUs + BACKLOG_LIMIT_MS * 1000;
    backlog.generator.send({
      type: 'start',
      startUs: this.#across.there(backlog, startUs),
      endUs: this.#across.there(backlog, endUs),
    });
    await this.#until(() => backlog.done !== null, BACKLOG_LIMIT_MS);
    const { done } = backlog;
    if (done !== null && done.acked === backlog.assignment.recordLimit) return;
    throw new KsweepError(
      'phase-timeout',
      `the backlog was not laid down: ${done?.acked ?? 0} of ${backlog.assignment.recordLimit} records were acknowledged`,
      { hint: 'use a smaller consumers.backlog, or check the brokers' },
    );
  }

  #addConsumer(startUs: number, endUs: number): void {
    const { context } = this.#options;
    const member = this.#ensemble.consumers.length;
    const entry = this.#ensemble.addConsumer({ ...consumerAssignment(context, 0, member), paused: false });
    entry.generator.assign();
    this.#ensemble.join(entry);
    this.#across.tellClocks(entry);
    const [from, to] = [this.#across.there(entry, startUs), this.#across.there(entry, endUs)];
    entry.generator.send({ type: 'start', startUs: from, endUs: to });
  }

  /** Lets producers and groups come to their ends, and tells the consumers to report; returns what is missing. */
  async #end(producers: readonly ProducerEntry[], backlog: ProducerEntry | null): Promise<string[]> {
    const limitMs = this.#options.context.workload.load.drainLimit;
    // A producer ends by itself at its own drain limit; a little more is for its report to arrive.
    const done = this.#until(() => producers.every((entry) => entry.done !== null), limitMs + STOP_LIMIT_MS);
    await this.#times.step('producers', done);
    const missing = unsent(producers);
    await this.#disruptions.end();
    const sources = backlog === null ? producers : [...producers, backlog];
    missing.push(...(await this.#times.step('groups', this.#drain.wait(sources, limitMs))));
    missing.push(...(await this.#times.step('consumers', stopConsumers(this.#ensemble, STOP_LIMIT_MS))));
    return missing;
  }

  async #tearDown(hurried: boolean): Promise<void> {
    const limitMs = hurried ? HURRIED_LIMIT_MS : TOPIC_LIMIT_MS;
    await this.#times.step('generators', this.#ensemble.close());
    const gone = Promise.all([
      this.#topic.deleteGroups(this.#groups, limitMs),
      this.#topic.delete(limitMs, hurried ? 1 : DELETE_ATTEMPTS),
    ]);
    await this.#times.step('topic', gone);
  }
}
