import type { ClusterControl } from '../../../infra/cluster-under-test.ts';
import { KsweepError } from '../../common/errors.ts';
import type { Ensemble } from '../../load/ensemble.ts';
import type { Disruption } from '../../workload/schema.ts';
import type { DisruptionEvent } from '../judge/measurement.ts';

const DEFAULT_PAUSE_MS = 2_000;

/** Carries out a workload's disruptions at their times, and undoes at the end what is still undone. */
export class Disruptions {
  readonly events: DisruptionEvent[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #paused = new Set<number>();
  readonly #killed = new Set<number>();
  #restarts: Promise<void>[] = [];
  #restarting = 0;
  readonly #control: ClusterControl | null;

  constructor(control: ClusterControl | null) {
    this.#control = control;
  }

  /**
   * @param inMs how long until the measured window starts
   * @param warmupSec where it starts in the load's own seconds
   * @param addConsumer adds one more to the first group
   */
  schedule(
    disruptions: readonly Disruption[],
    inMs: number,
    warmupSec: number,
    ensemble: Ensemble,
    addConsumer: () => void,
  ): void {
    for (const disruption of disruptions) {
      const act = (): void => {
        this.events.push({ atSec: warmupSec + disruption.at / 1000, action: describe(disruption) });
        this.#carryOut(disruption, ensemble, addConsumer);
      };
      this.#timers.push(setTimeout(act, inMs + disruption.at));
    }
  }

  #carryOut(disruption: Disruption, ensemble: Ensemble, addConsumer: () => void): void {
    const { action, target } = disruption;
    if (action === 'add-consumer') {
      addConsumer();
      return;
    }
    if (action === 'stop-consumer' || action === 'kill-consumer') {
      const consumer = ensemble.consumers[target];
      if (consumer !== undefined) ensemble.remove(consumer, action === 'kill-consumer' ? 'kill' : 'stop');
      return;
    }
    const control = this.#control;
    if (control === null) return;
    if (action === 'pause-broker') {
      control.signalBroker(target, 'SIGSTOP');
      this.#paused.add(target);
      this.#timers.push(setTimeout(() => this.#resume(target), disruption.for ?? DEFAULT_PAUSE_MS));
    } else {
      control.signalBroker(target, 'SIGKILL');
      this.#killed.add(target);
      if (disruption.for !== undefined)
        this.#timers.push(setTimeout(() => this.#restart(target), disruption.for));
    }
  }

  #resume(target: number): void {
    if (this.#paused.delete(target)) this.#control?.signalBroker(target, 'SIGCONT');
  }

  #restart(target: number): void {
    if (this.#killed.delete(target) && this.#control !== null) {
      this.#restarting++;
      this.#restarts.push(
        this.#control.restartBroker(target).finally(() => {
          this.#restarting--;
        }),
      );
    }
  }

  /** True from a broker's being killed on purpose until it is back. */
  get brokerDown(): boolean {
    return this.#killed.size > 0 || this.#restarting > 0;
  }

  /** Nothing more happens; brokers that are still paused or dead are brought back for the next repeat. */
  async end(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const target of [...this.#paused]) this.#resume(target);
    for (const target of [...this.#killed]) this.#restart(target);
    await Promise.all(this.#restarts);
    this.#restarts = [];
  }
}

const describe = ({ action, target, for: forMs }: Disruption): string =>
  `${action} ${target}${forMs === undefined ? '' : ` for ${forMs / 1000} s`}`;

/** Refuses, before anything starts, what this cluster or workload cannot do. */
export function checkDisruptions(
  disruptions: readonly Disruption[],
  cluster: { readonly control: ClusterControl | null; readonly brokers: number },
  consumers: number,
): void {
  for (const disruption of disruptions) {
    const onBroker = disruption.action.endsWith('broker');
    if (onBroker && cluster.control === null) {
      throw new KsweepError(
        'workload-invalid',
        `disruptions: ${disruption.action} needs a cluster that ksweep started`,
        {
          hint: 'run it with --local, or leave the disruption out',
        },
      );
    }
    const limit = onBroker ? cluster.brokers : consumers;
    if (disruption.action !== 'add-consumer' && disruption.target >= limit) {
      const what = onBroker ? 'brokers' : 'consumers';
      throw new KsweepError(
        'workload-invalid',
        `disruptions: target ${disruption.target} of ${limit} ${what}, counted from 0`,
      );
    }
  }
}
