import { ClientError, type ProducerClient } from '../client/driver.ts';
import { countError } from './role.ts';

const TIMEOUT_MS = 60_000;

/** A producer's transactions, `size` records each; without a size every call is a no-op. */
export interface Transactions {
  readonly committed: number;
  readonly aborted: number;
  /** Sequences [from, to) whose transaction was aborted: acknowledged, yet never to be read. */
  readonly abortedSequences: readonly (readonly [number, number])[];
  /** True where no commit is under way. */
  readonly idle: boolean;
  begin(): Promise<void>;
  /** False while a commit is under way: records fall due meanwhile, and their delay is counted. */
  mayProduce(): boolean;
  /** Records that the open transaction still takes. */
  readonly room: number;
  /** To be called after records with the sequence of the next one. */
  produced(nextSequence: number): void;
  /** Commits what is open. */
  end(): Promise<void>;
}

export function createTransactions(
  client: ProducerClient,
  size: number | null,
  errorsByCode: Record<string, number>,
): Transactions {
  let committed = 0;
  let aborted = 0;
  const abortedSequences: [number, number][] = [];
  let from = 0;
  let next = 0;
  let pending: Promise<void> | undefined;
  let broken = false;

  const commit = async (beginAnother: boolean): Promise<void> => {
    const to = next;
    try {
      await client.commitTransaction(TIMEOUT_MS);
      committed++;
    } catch (error) {
      countError(errorsByCode, error instanceof ClientError ? error.code : 'ERR__FAIL');
      aborted++;
      abortedSequences.push([from, to]);
      await client.abortTransaction(TIMEOUT_MS);
    }
    from = to;
    if (beginAnother) await client.beginTransaction();
  };

  return {
    get committed() {
      return committed;
    },
    get aborted() {
      return aborted;
    },
    abortedSequences,
    get idle() {
      return pending === undefined;
    },
    get room() {
      return size === null ? Number.POSITIVE_INFINITY : size - (next - from);
    },
    async begin() {
      if (size !== null) await client.beginTransaction();
    },
    mayProduce() {
      if (broken)
        throw new ClientError('ERR__FATAL', 'the transaction could be neither committed nor aborted');
      return pending === undefined;
    },
    produced(nextSequence) {
      next = nextSequence;
      if (size === null || next - from < size) return;
      pending = commit(true)
        .catch((error: unknown) => {
          countError(errorsByCode, error instanceof ClientError ? error.code : 'ERR__FAIL');
          broken = true;
        })
        .finally(() => {
          pending = undefined;
        });
    },
    async end() {
      if (size === null || broken) return;
      await pending;
      // An empty one has begun too, but is not worth counting.
      if (next === from) await client.abortTransaction(TIMEOUT_MS);
      else await commit(false);
    },
  };
}
