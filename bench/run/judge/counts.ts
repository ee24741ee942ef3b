import type { ProducerDone } from '../../load/protocol.ts';
import type { ShareTally } from '../../load/share.ts';
import type { Reason, RepeatResult } from '../../results/result.ts';
import type { CellWorkload } from '../../workload/plan.ts';
import { countLoss } from './loss.ts';
import type { Measurement } from './measurement.ts';
import type { Reports } from './reports.ts';
import { sum } from './window.ts';

/** What share groups delivered again, gave back and refused; nothing where there is none. */
function shareCounts({ consumers }: Reports): Pick<RepeatResult['counts'], 'share'> {
  const tallies = consumers.flatMap(({ share }) => share ?? []);
  if (tallies.length === 0) return {};
  const of = (key: keyof ShareTally): number => sum(tallies.map((tally) => tally[key]));
  return {
    share: {
      redelivered: of('redelivered'),
      released: of('released'),
      rejected: of('rejected'),
      exhausted: of('exhausted'),
      expired: of('expired'),
    },
  };
}

/** Records of the whole repeat, and which of them were lost or came twice. */
export function countsOf(
  measurement: Measurement,
  workload: CellWorkload,
  reports: Reports,
  notes: Reason[],
): RepeatResult['counts'] {
  const byIndex = new Map<number, ProducerDone>();
  measurement.producers.forEach(({ done }, index) => {
    if (done !== null) byIndex.set(index, done);
  });
  if (measurement.backlog !== null && measurement.backlog.done !== null) {
    byIndex.set(workload.load.producers, measurement.backlog.done);
  }
  const groups = new Set(measurement.consumers.map(({ group }) => group));
  const silent = measurement.consumers.filter(({ done }) => done === null);
  if (silent.length > 0) {
    const names = silent.map(({ name }) => name).join(', ');
    notes.push({
      code: 'loss-unchecked',
      message: `no report of ${names}, killed on purpose or too late; what it had received is not known, so loss is not counted`,
    });
  }
  const complete = [...measurement.producers, measurement.backlog].every(
    (one) => one === null || one.done !== null,
  );
  const checked = groups.size > 0 && byIndex.size > 0 && complete && silent.length === 0;
  const losses = [...groups].map((group) =>
    countLoss(
      byIndex,
      reports.consumers.filter((done) => done.group === group),
    ),
  );
  const fromAll = (
    key: 'due' | 'sent' | 'acked' | 'failed' | 'queueFull' | 'committedTransactions' | 'abortedTransactions',
  ): number => sum(reports.all.map((done) => done[key]));
  const fromConsumers = (key: 'received' | 'outOfOrder' | 'foreign'): number =>
    sum(reports.consumers.map((done) => done[key]));
  const foreign = fromConsumers('foreign');
  // What was not read to its end is unread, and what was not recognised may be what is missing: nobody knows of a loss.
  const open = foreign > 0 || measurement.drainMissing.length > 0;
  const missing = sum(losses.map((loss) => loss.lost));
  return {
    due: fromAll('due'),
    sent: fromAll('sent'),
    acknowledged: fromAll('acked'),
    failed: fromAll('failed'),
    received: fromConsumers('received'),
    lost: checked && (missing === 0 || !open) ? missing : null,
    duplicated: checked ? sum(losses.map((loss) => loss.duplicated)) : null,
    outOfOrder: fromConsumers('outOfOrder'),
    foreign,
    queueFull: fromAll('queueFull'),
    committedTransactions: fromAll('committedTransactions'),
    abortedTransactions: fromAll('abortedTransactions'),
    ...shareCounts(reports),
  };
}
