import type { Reason } from '../../results/result.ts';
import { crossFindings } from '../../workload/cross-rules.ts';
import type { CellWorkload } from '../../workload/plan.ts';

/** What a workload itself makes of the figures of its repeats. */
export function workloadNotes(workload: CellWorkload): Reason[] {
  const { producer, load } = workload;
  const notes: Reason[] = [];
  if (load.producers > 0 && String(producer['acks'] ?? 'all') === '0') {
    const message =
      'with acks=0 no broker answers: an acknowledgement is only the write to the socket, and its latency that of the client';
    notes.push({ code: 'acks-0', message });
  }
  for (const { code, setting, message } of crossFindings(workload)) {
    notes.push({ code, message: `${setting.join('.')}: ${message}` });
  }
  return notes;
}
