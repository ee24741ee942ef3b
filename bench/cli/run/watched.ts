import type { StatusLine } from '../../common/terminal.ts';
import { hostFiles } from '../../host/files.ts';
import type { HostSecond } from '../../host/second.ts';
import { HostWatch } from '../../host/watch.ts';
import type { IntervalSnapshot } from '../../load/protocol.ts';
import { LiveFile } from '../../run/live/live-file.ts';
import type { LiveMetrics } from '../../run/live/live-metrics.ts';
import { LiveView } from '../../run/live/live-view.ts';
import { describeProgress, type Progress } from '../../run/measure/progress.ts';

/** What is told of a run under way, all of it from the same figures: on a terminal, and in a file for the live page. */
export class Watched {
  readonly #status: StatusLine;
  readonly #live: LiveMetrics;
  /** null where nobody would see it. */
  readonly #view: LiveView | null;
  readonly #watch: HostWatch;
  readonly #nameOf: (cellId: string) => string | undefined;
  #host: HostSecond | null = null;
  #file: LiveFile | null = null;

  /** @param nameOf the short name of a cell, by its id, as reports call it */
  constructor(status: StatusLine, live: LiveMetrics, nameOf: (cellId: string) => string | undefined) {
    this.#nameOf = nameOf;
    this.#status = status;
    this.#live = live;
    this.#view = status.isLive ? new LiveView() : null;
    this.#watch = new HostWatch(
      hostFiles(),
      () => performance.now() * 1000,
      () => [],
      (second) => {
        this.#host = second;
        this.#view?.onHost(second);
      },
    );
  }

  onFolder(dir: string): void {
    this.#file = new LiveFile(dir);
  }

  onSnapshot(process: string, snapshot: IntervalSnapshot): void {
    this.#live.onSnapshot(process, snapshot);
    this.#view?.onSnapshot(snapshot);
  }

  onProgress(told: Progress): void {
    this.#live.onProgress(told);
    const progress = { ...told, cell: this.#nameOf(told.cellId) || told.cell };
    this.#view?.onProgress(progress);
    const last = this.#live.lastSecond();
    this.#file?.add(progress, last, this.#host);
    const { step, standing } = describeProgress(progress);
    this.#status.progress(step, standing, this.#view?.lines(progress, last));
  }

  async stop(): Promise<void> {
    this.#watch.stop();
    await this.#file?.close();
    this.#file = null;
  }
}
