import { ClientError, type ProducerClient } from '../client/driver.ts';

const TIMEOUT_MS = 60_000;

/** Transactions that are committed when they have lasted long enough, as kafka-producer-perf-test commits them. */
export interface TimedTransactions {
  readonly committed: number;
  readonly aborted: number;
  readonly abortedRecords: number;
  /** One could be neither committed nor aborted: nothing more can be sent. */
  readonly broken: boolean;
  begin(nowUs: number): Promise<void>;
  /** Commits where it is time; false while a commit is under way. */
  mayProduce(nowUs: number): boolean;
  produced(records: number): void;
  /** Commits what is open; true when nothing is any more. To be called again until then. */
  end(): boolean;
}

/** @param lastsMs null: without transactions, every call is a no-op */
export function timedTransactions(
  client: Pick<ProducerClient, 'beginTransaction' | 'commitTransaction' | 'abortTransaction'>,
  lastsMs: number | null,
  onError: (code: string) => void,
): TimedTransactions {
  let [committed, aborted, abortedRecords, records, sinceUs] = [0, 0, 0, 0, 0];
  let state: 'closed' | 'open' | 'busy' | 'broken' = 'closed';

  const failed = (error: unknown): void => onError(error instanceof ClientError ? error.code : 'ERR__FAIL');

  const finish = async (): Promise<void> => {
    if (records === 0) {
      await client.abortTransaction(TIMEOUT_MS);
      return;
    }
    try {
      await client.commitTransaction(TIMEOUT_MS);
      committed++;
    } catch (error) {
      failed(error);
      aborted++;
      abortedRecords += records;
      await client.abortTransaction(TIMEOUT_MS);
    }
    records = 0;
  };

  const doing = (work: () => Promise<void>, after: 'open' | 'closed'): void => {
    state = 'busy';
    work().then(
      () => {
        state = after;
      },
      (error: unknown) => {
        failed(error);
        state = 'broken';
      },
    );
  };

  return {
    get committed() {
      return committed;
    },
    get aborted() {
      return aborted;
    },
    get abortedRecords() {
      return abortedRecords;
    },
    get broken() {
      return state === 'broken';
    },
    async begin(nowUs) {
      if (lastsMs === null) return;
      await client.beginTransaction();
      sinceUs = nowUs;
      state = 'open';
    },
    mayProduce(nowUs) {
      if (lastsMs === null) return true;
      if (state === 'open' && records > 0 && nowUs - sinceUs >= lastsMs * 1000) {
        doing(async () => {
          await finish();
          await client.beginTransaction();
        }, 'open');
        return false;
      }
      if (state === 'open' && records === 0) sinceUs = nowUs;
      return state === 'open';
    },
    produced(count) {
      records += count;
    },
    end() {
      if (state === 'open') doing(finish, 'closed');
      return state === 'closed' || state === 'broken';
    },
  };
}
