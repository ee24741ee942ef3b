import type { ClusterControl } from '../../../infra/cluster-under-test.ts';
import type { Clock } from '../../common/clock.ts';
import { eachSecond } from '../../common/each-second.ts';
import type { LoadGenerator } from '../../load/agent/load-generator.ts';
import type { BrokerSample, OffsetSample, TopicStateSample } from '../judge/measurement.ts';

const ASK_TIMEOUT_MS = 900;
/** Leaders and replicas change seldom. */
const STATE_EVERY_SEC = 5;

/** Samples the brokers at each whole second of the load: end offsets by the observer, CPU where they are local. */
export class Sampler {
  readonly offsets: OffsetSample[] = [];
  readonly brokers: BrokerSample[] = [];
  readonly states: TopicStateSample[] = [];
  readonly #clock: Clock;
  readonly #startUs: number;
  readonly #observer: LoadGenerator;
  readonly #topic: string;
  readonly #partitions: number;
  readonly #control: ClusterControl | null;
  readonly #onOffsets: ((sample: OffsetSample) => void) | undefined;
  readonly #stop: () => void;
  #asking = false;
  #count = 0;

  constructor(options: {
    clock: Clock;
    startUs: number;
    observer: LoadGenerator;
    topic: string;
    partitions: number;
    control: ClusterControl | null;
    onOffsets?: ((sample: OffsetSample) => void) | undefined;
  }) {
    this.#clock = options.clock;
    this.#startUs = options.startUs;
    this.#observer = options.observer;
    this.#topic = options.topic;
    this.#partitions = options.partitions;
    this.#control = options.control;
    this.#onOffsets = options.onOffsets;
    this.#stop = eachSecond(options.clock, options.startUs, () => void this.sample());
  }

  /** Takes one sample now. A broker that does not answer leaves a gap; it never delays the next second's sample. */
  async sample(): Promise<OffsetSample | null> {
    const atSec = (this.#clock.nowUs() - this.#startUs) / 1e6;
    this.brokers.push({ atSec, ...(this.#control?.cpu() ?? { cpuUs: null }) });
    if (this.#asking) return null;
    this.#asking = true;
    const high = await this.#observer
      .ask({ kind: 'offsets', topic: this.#topic, partitions: this.#partitions, timeoutMs: ASK_TIMEOUT_MS })
      .then(
        (answer) => (answer.high.includes(-1) ? null : answer.high),
        () => null,
      );
    // After the offsets, which are of this very second.
    if (this.#count++ % STATE_EVERY_SEC === 0) await this.#state(atSec);
    this.#asking = false;
    const sample = { atSec, high };
    this.offsets.push(sample);
    this.#onOffsets?.(sample);
    return sample;
  }

  /** One that is not told is a gap. */
  async #state(atSec: number): Promise<void> {
    await this.#observer.ask({ kind: 'topic-state', name: this.#topic, timeoutMs: ASK_TIMEOUT_MS }).then(
      (state) => {
        this.states.push({ atSec, ...state });
      },
      () => {},
    );
  }

  stop(): void {
    this.#stop();
  }
}
