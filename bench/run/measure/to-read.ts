import type { IntervalSnapshot } from '../../load/protocol.ts';
import type { Drain, Written } from './drain.ts';

/** Of data that have an end the warm-up may read this share, however long it was to be. */
const WARMUP_SHARE = 0.25;
const OFFSETS_LIMIT_MS = 5_000;

/**
 * Whether anything was read from a second on. Snapshots are of whole seconds: what is read in less than one leaves no
 * window behind a warm-up.
 */
export const readFrom = (
  consumers: readonly { readonly snapshots: readonly IntervalSnapshot[] }[],
  fromSec: number,
): boolean =>
  consumers.some(({ snapshots }) =>
    snapshots.some(({ second, received }) => second >= fromSec && received > 0),
  );

/** What a run without producers finds to be read: a backlog, or what an existing topic holds. */
export class ToRead {
  readonly #drain: Pick<Drain, 'written' | 'readShare' | 'isRead'>;
  readonly #written: Written | null;

  /** @param written null where the brokers did not tell it: then the clock alone ends the run */
  constructor(drain: Pick<Drain, 'written' | 'readShare' | 'isRead'>, written: Written | null) {
    this.#drain = drain;
    // A topic that is empty now has to be waited for: others may fill it.
    const empty = written?.ends.every((end, partition) => end <= (written.starts[partition] ?? 0)) === true;
    this.#written = empty ? null : written;
  }

  /** How much the slowest group has read, 0 to 1. */
  share(): number {
    return this.#written === null ? 0 : this.#drain.readShare(this.#written);
  }

  endsWarmUp(): boolean {
    return this.share() >= WARMUP_SHARE;
  }

  isRead(): boolean {
    return this.#written !== null && this.#drain.isRead(this.#written);
  }

  /** Whether there is more by now. */
  async grows(): Promise<boolean> {
    const now = await this.#drain.written([], OFFSETS_LIMIT_MS);
    return now?.ends.some((end, partition) => end > (this.#written?.ends[partition] ?? 0)) === true;
  }
}
