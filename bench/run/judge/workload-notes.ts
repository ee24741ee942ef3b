import type { Reason } from '../../results/result.ts';
import type { CellWorkload } from '../../workload/plan.ts';

/** What a workload itself makes of the figures of its repeats. */
export function workloadNotes({ producer, load }: CellWorkload): Reason[] {
  if (load.producers === 0 || String(producer['acks'] ?? 'all') !== '0') return [];
  const message =
    'with acks=0 no broker answers: an acknowledgement is only the write to the socket, and its latency that of the client';
  return [{ code: 'acks-0', message }];
}
