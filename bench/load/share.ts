import { ACKNOWLEDGE, type ShareRows } from '../client/driver.ts';
import { createRandom } from '../common/random.ts';

/** How a member of a share group acknowledges (KIP-932). */
export interface ShareTerms {
  /** Shares of the deliveries that are given back, and of those that nobody shall get again; 0 to 1. */
  readonly release: number;
  readonly reject: number;
  /** A record that is given back at its last delivery is archived (group.share.delivery.count.limit). */
  readonly deliveryLimit: number;
  /** What is acknowledged later than this belongs to nobody any more (share.record.lock.duration.ms), ms. */
  readonly lockMs: number;
  readonly seed: number;
}

/** What became of a member's deliveries. */
interface ShareVerdicts {
  readonly released: number;
  readonly rejected: number;
  /** Given back at the last delivery that the brokers allow: nobody gets it again, and nobody accepted it. */
  readonly exhausted: number;
  /** The handler took longer than the lock: whatever it says comes too late, and another member gets the record. */
  readonly expired: number;
}

export interface ShareTally extends ShareVerdicts {
  /** Deliveries of records that had been delivered before, to whomever. */
  readonly redelivered: number;
}

export interface ShareMember {
  readonly tally: ShareVerdicts;
  /** Records that nobody gets again: accepted, rejected or exhausted in time. */
  readonly settled: number;
  /** A row was read: decides its verdict. */
  taken(row: number): void;
  /** Rows are about to be released, when their handler is through. */
  released(start: number, count: number, nowUs: number): void;
  /** Records settled since this was last asked. */
  takeSettled(): number;
}

/** Decides and counts for one member of a share group; verdicts are drawn from the seed. */
export function createShareMember(terms: ShareTerms, rows: ShareRows, mask: number): ShareMember {
  const random = createRandom(terms.seed);
  const tally = { released: 0, rejected: 0, exhausted: 0, expired: 0 };
  let settled = 0;
  let told = 0;
  const explicit = terms.release > 0 || terms.reject > 0;

  return {
    tally,
    get settled() {
      return settled;
    },
    taken(row) {
      if (!explicit) return;
      const drawn = random.next();
      if (drawn < terms.release) rows.verdict[row] = ACKNOWLEDGE.release;
      else if (drawn < terms.release + terms.reject) rows.verdict[row] = ACKNOWLEDGE.reject;
    },
    released(start, count, nowUs) {
      for (let i = 0; i < count; i++) {
        const row = (start + i) & mask;
        if (nowUs - (rows.atUs[row] as number) > terms.lockMs * 1000) {
          tally.expired++;
          continue;
        }
        if (rows.verdict[row] === ACKNOWLEDGE.release) {
          tally.released++;
          if ((rows.deliveries[row] as number) < terms.deliveryLimit) continue;
          tally.exhausted++;
        } else if (rows.verdict[row] === ACKNOWLEDGE.reject) tally.rejected++;
        settled++;
      }
    },
    takeSettled() {
      const since = settled - told;
      told = settled;
      return since;
    },
  };
}
