import { KsweepError } from '../../bench/common/errors.ts';
import type { Measurement } from './measured.ts';

/**
 * The brokers that a run measured are those that are sized with it: its type where none is named. Throws
 * KsweepError('sizing-input') where another one is, because neither curve nor CPU are that one's.
 */
export function onRunHardware<D extends { readonly instance?: string | undefined }>(
  demand: D,
  measurement: Measurement | null,
): D {
  const measured = measurement?.instance ?? null;
  if (measured === null) return demand;
  if (demand.instance === undefined) return { ...demand, instance: measured };
  const named = demand.instance.replace(/^kafka\./, '');
  if (named === measured) return demand;
  throw new KsweepError(
    'sizing-input',
    `instance: the run measured brokers on ${measured}, and ${demand.instance} has another curve and CPU cost`,
    { hint: `leave --instance out to size ${measured}, or measure on ${demand.instance}` },
  );
}
