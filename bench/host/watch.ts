import { AllowanceReader } from './allowances.ts';
import type { HostFiles } from './files.ts';
import { type HostSample, takeSample } from './sample.ts';
import { type HostSecond, secondBetween } from './second.ts';

const EVERY_MS = 1_000;

/** Samples a host once a second from its start until it is stopped. */
export class HostWatch {
  readonly #files: HostFiles;
  readonly #nowUs: () => number;
  readonly #pids: () => readonly (number | 'self')[];
  readonly #onSecond: (second: HostSecond, atUs: number) => void;
  readonly #allowances: AllowanceReader;
  #last: HostSample;
  readonly #timer: NodeJS.Timeout;

  /** @param pids processes that load, asked for at each sample */
  constructor(
    files: HostFiles,
    nowUs: () => number,
    pids: () => readonly (number | 'self')[],
    onSecond: (second: HostSecond, atUs: number) => void,
  ) {
    this.#allowances = new AllowanceReader(files);
    void this.#allowances.read();
    this.#files = files;
    this.#nowUs = nowUs;
    this.#pids = pids;
    this.#onSecond = onSecond;
    this.#last = takeSample(files, nowUs(), pids());
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
    this.#timer.unref();
  }

  #sample(): void {
    const next = takeSample(this.#files, this.#nowUs(), this.#pids(), this.#allowances.refused);
    void this.#allowances.read();
    this.#onSecond(secondBetween(this.#last, next), next.atUs);
    this.#last = next;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
