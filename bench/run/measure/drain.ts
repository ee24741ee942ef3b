import { ClientError } from '../../client/driver.ts';
import { delay } from '../../common/deadline.ts';
import type { LoadGenerator } from '../../load/agent/load-generator.ts';
import type { ConsumerEntry, Ensemble, ProducerEntry } from '../../load/ensemble.ts';

const OFFSETS_TIMEOUT_MS = 2_000;
const OFFSETS_PAUSE_MS = 100;
/** Where all is read and still not every acknowledged record is in, the ends may grow for this long. */
const LATE_MS = 1_000;
/** Partitions named in one message. */
const NAMED = 5;

/** What the load left in the topic, for every group to read. */
export interface Written {
  readonly acked: number;
  /** By partition: where a group begins, and where the log ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Offsets before a partition's end that may hold nothing to be read: transaction markers, and what was aborted. */
  readonly hidden: number;
}

/** How far a group has come. */
export interface GroupProgress {
  readonly group: string;
  /** Those that may still read. */
  readonly members: number;
  /** A member was killed: how many records it had received is not known. */
  readonly killed: boolean;
  /** Distinct records of each member, summed: what is delivered again after a rebalance counts for both. */
  readonly received: number;
  /** The next offset to be read, the highest of any member, by partition. */
  readonly positions: ReadonlyMap<number, number>;
  /** A share group has no positions: `received` are the records that nobody will get again. */
  readonly share?: boolean;
}

/** Progress of each group, over the members that it has and those that it had. */
export function groupProgress(
  consumers: readonly Pick<ConsumerEntry, 'assignment' | 'removed' | 'done' | 'received' | 'positions'>[],
): GroupProgress[] {
  const groups = new Map<string, (typeof consumers)[number][]>();
  for (const consumer of consumers) {
    const { group } = consumer.assignment;
    groups.set(group, [...(groups.get(group) ?? []), consumer]);
  }
  return [...groups].map(([group, members]) => {
    const positions = new Map<number, number>();
    for (const member of members) {
      for (const [partition, position] of member.positions) {
        positions.set(partition, Math.max(positions.get(partition) ?? 0, position));
      }
    }
    return {
      group,
      // One that was told to leave reports its last records first.
      members: members.filter(
        ({ removed, done }) => removed === null || (removed === 'stop' && done === null),
      ).length,
      killed: members.some(({ removed }) => removed === 'kill'),
      received: members.reduce((sum, { received }) => sum + received, 0),
      positions,
      ...(members.some(({ assignment }) => assignment.share != null) ? { share: true } : {}),
    };
  });
}

/**
 * What a group has not read yet, by name; null where it has read everything. Its positions decide, whoever of the
 * group read what: a new owner goes on where the last one had committed, so below the highest position all is read.
 */
export function unread(written: Written, progress: GroupProgress): string | null {
  const { acked, starts, ends, hidden } = written;
  const { group, members, killed, received, positions, share = false } = progress;
  if (share) return received >= acked ? null : `group ${group} has settled ${received} of ${acked} records`;
  const short = ends.flatMap((end, partition) => {
    const position = Math.max(starts[partition] ?? 0, positions.get(partition) ?? 0);
    return position < end ? [{ partition, position, end }] : [];
  });
  // A marker never shows in a position; counted are then the records, as long as someone knows their number.
  const beyond = short.filter(({ position, end }) => position < end - hidden);
  if (short.length === 0 || (beyond.length === 0 && (killed || received >= acked))) return null;
  if (beyond.length === 0) return `group ${group} has received ${received} of ${acked} records`;
  const named = beyond
    .slice(0, NAMED)
    .map(({ partition, position, end }) => `partition ${partition} to offset ${position} of ${end}`);
  const more = beyond.length > NAMED ? `, and ${beyond.length - NAMED} more partitions not to the end` : '';
  const left = members === 0 ? ' and has no member left' : '';
  return `group ${group} has read ${named.join(', ')}${more}${left}`;
}

/** How much of what is there a group has read, 0 to 1; 1 where nothing is. */
export function readShare(written: Written, { positions, received, share = false }: GroupProgress): number {
  const { starts, ends, acked } = written;
  if (share) return acked === 0 ? 1 : received / acked;
  let [read, all] = [0, 0];
  for (const [partition, end] of ends.entries()) {
    const start = starts[partition] ?? 0;
    all += Math.max(0, end - start);
    read += Math.min(end, Math.max(start, positions.get(partition) ?? 0)) - Math.min(start, end);
  }
  return all === 0 ? 1 : read / all;
}

/** What producers did not get done within their own drain limit, by name. */
export function unsent(producers: readonly ProducerEntry[]): string[] {
  const missing = producers
    .filter(({ done }) => done === null || done.inFlight > 0)
    .map(
      ({ generator, done }) => `${generator.name} has ${done?.inFlight ?? 'unknown'} records unacknowledged`,
    );
  for (const { generator, done } of producers) {
    const count = done === null || done.refused !== null ? 0 : done.due - done.sent;
    if (count > 0) missing.push(`${generator.name} could not send ${count} records that were due`);
  }
  return missing;
}

/** How many offsets at a partition's end may hold nothing to be read. */
function hiddenOffsets(producers: readonly Pick<ProducerEntry, 'assignment' | 'done'>[]): number {
  return producers.reduce((sum, { assignment, done }) => {
    const size = assignment.transactionSize;
    // Of each producer one commit marker lies behind its last record, and whatever it aborted may.
    return size === null ? sum : sum + 1 + (done?.abortedTransactions ?? 0) * (size + 1);
  }, 0);
}

export interface DrainOptions {
  readonly context: { readonly topic: string };
  /** Where groups begin, by partition. */
  readonly startOffsets: readonly number[];
  readonly observer: Pick<LoadGenerator, 'ask'>;
  readonly signal: AbortSignal;
}

/** What the drain needs of an ensemble. */
type Members = Pick<Ensemble, 'consumers' | 'check' | 'wait'>;

/** Follows the groups of a repeat to the end of what was written. */
export class Drain {
  readonly #ensemble: Members;
  readonly #options: DrainOptions;
  readonly #asked = new Set<ConsumerEntry>();

  constructor(ensemble: Members, options: DrainOptions) {
    this.#ensemble = ensemble;
    this.#options = options;
  }

  #groups(): GroupProgress[] {
    return groupProgress(this.#ensemble.consumers);
  }

  #askForProgress(): void {
    for (const consumer of this.#ensemble.consumers) {
      if (this.#asked.has(consumer)) continue;
      this.#asked.add(consumer);
      consumer.generator.send({ type: 'report-progress' });
    }
  }

  /** Where the logs end now that `sources` have ended; null where the brokers did not say within the limit. */
  async written(sources: readonly ProducerEntry[], limitMs: number): Promise<Written | null> {
    const deadline = performance.now() + limitMs;
    const { context, startOffsets, observer, signal } = this.#options;
    const partitions = startOffsets.length;
    for (;;) {
      const answer = await observer
        .ask({ kind: 'offsets', topic: context.topic, partitions, timeoutMs: OFFSETS_TIMEOUT_MS })
        .catch((error: unknown) => {
          if (!(error instanceof ClientError)) throw error;
          return null;
        });
      signal.throwIfAborted();
      if (answer !== null && !answer.high.includes(-1)) {
        return {
          acked: sources.reduce((sum, { done }) => sum + (done?.acked ?? 0), 0),
          // What retention has deleted meanwhile cannot be read; loss is counted, not waited for.
          starts: startOffsets.map((start, partition) => Math.max(start, answer.low[partition] ?? 0)),
          ends: answer.high,
          hidden: hiddenOffsets(sources),
        };
      }
      if (performance.now() >= deadline) return null;
      this.#ensemble.check();
      await delay(OFFSETS_PAUSE_MS);
    }
  }

  /** Whether every group has read all that was written; asks newcomers for their progress. */
  isRead(written: Written): boolean {
    this.#askForProgress();
    return this.#groups().every((progress) => unread(written, progress) === null);
  }

  /** How much the slowest group has read, 0 to 1; asks newcomers for their progress. */
  readShare(written: Written): number {
    this.#askForProgress();
    return Math.min(1, ...this.#groups().map((progress) => readShare(written, progress)));
  }

  /** Waits until every group has read what `sources` wrote; returns what is missing when the limit runs out. */
  async wait(sources: readonly ProducerEntry[], limitMs: number): Promise<string[]> {
    if (sources.length === 0 || this.#ensemble.consumers.length === 0) return [];
    const deadline = performance.now() + limitMs;
    const leftMs = (): number => Math.max(0, deadline - performance.now());
    this.#askForProgress();
    let endsBefore: readonly number[] | undefined;
    for (;;) {
      const written = await this.written(sources, leftMs());
      if (written === null)
        return [`the end offsets of topic ${this.#options.context.topic} could not be read`];
      const { acked, ends } = written;
      if (endsBefore?.every((end, partition) => end === ends[partition])) return [];
      endsBefore = ends;
      const left = (progress: GroupProgress): string | null => unread(written, progress);
      await this.#until(
        (groups) => groups.every((progress) => progress.members === 0 || left(progress) === null),
        leftMs(),
      );
      const missing = this.#groups().flatMap((progress) => left(progress) ?? []);
      if (missing.length > 0) return missing;
      // With acks=0, or before all replicas have a record, the log's end comes a little after the acknowledgement.
      const allIn = (groups: readonly GroupProgress[]): boolean =>
        groups.every(({ received }) => received >= acked);
      if (await this.#until(allIn, Math.min(LATE_MS, leftMs()))) return [];
    }
  }

  async #until(condition: (groups: readonly GroupProgress[]) => boolean, limitMs: number): Promise<boolean> {
    const { signal } = this.#options;
    const held = await this.#ensemble.wait(() => signal.aborted || condition(this.#groups()), limitMs);
    signal.throwIfAborted();
    return held;
  }
}

/**
 * Lets every consumer that is still there report what it received, also those that a disruption has just told to leave.
 * Returns who did not: what the others measured stays, and says less.
 */
export async function stopConsumers(ensemble: Ensemble, limitMs: number): Promise<string[]> {
  const consumers = ensemble.consumers.filter(({ removed }) => removed !== 'kill');
  for (const { generator, removed } of consumers) {
    if (removed === null) generator.send({ type: 'stop', limitMs: 0 });
  }
  await ensemble.wait(() => consumers.every(({ done }) => done !== null), limitMs);
  return consumers
    .filter(({ done }) => done === null)
    .map(({ generator }) => `${generator.name} did not report within ${limitMs / 1000} s`);
}
