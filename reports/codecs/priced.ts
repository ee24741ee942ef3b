import type { Spread } from '../../bench/compute/stats/describe.ts';
import { type MonthlyPrice, type PriceTerms, priceOf, type RecordUse } from './price.ts';
import type { StampEffect } from './stamp.ts';

export interface PricedConfig {
  readonly label: string;
  /** Whether the bytes are those without the stamp. */
  readonly withoutStamp: boolean;
  /** The configuration without compression whose CPU is taken off, so that ksweep's own cancels out; null: none was. */
  readonly cpuBeyond: string | null;
  readonly use: RecordUse;
  readonly price: MonthlyPrice;
}

interface Measured {
  readonly label: string;
  readonly figures: Readonly<Record<string, Spread | null>>;
}

/** Bytes without the stamp where they are known; CPU beyond what the same client used without a codec. */
export function priced(
  cells: readonly Measured[],
  stamp: readonly StampEffect[],
  terms: PriceTerms,
): PricedConfig[] {
  const uses = cells.flatMap((cell): Omit<PricedConfig, 'price' | 'cpuBeyond'>[] => {
    const median = (key: string): number | null => cell.figures[key]?.median ?? null;
    const wire = median('wirePerRecord');
    if (wire === null) return [];
    const effect = stamp.find(({ label }) => label === cell.label);
    const disk = effect === undefined ? median('diskPerRecord') : effect.plain.diskBytes;
    const use: RecordUse = {
      wireBytes: effect?.plain.wireBytes ?? wire,
      diskBytes: disk === null ? null : disk / terms.measuredReplicas,
      producerCpuUs: scaled(median('cpu.producerUsPerMB'), terms.recordBytes),
      consumerCpuUs: scaled(median('cpu.consumerUsPerMB'), terms.recordBytes),
    };
    return [{ label: cell.label, withoutStamp: effect !== undefined, use }];
  });
  return uses.map((one) => {
    const reference = uses.find(({ label }) => label === referenceLabel(one.label));
    const cpu = beyond(one.use, reference?.use);
    return { ...one, cpuBeyond: reference?.label ?? null, price: priceOf({ ...one.use, ...cpu }, terms) };
  });
}

/** The label of the same batch.size and linger.ms without compression. */
export const referenceLabel = (label: string): string => label.replace(/^[^,]+/, 'none');

function beyond(use: RecordUse, reference: RecordUse | undefined): Partial<RecordUse> {
  const minus = (own: number | null, other: number | null | undefined): number | null =>
    own === null ? null : own - (other ?? 0);
  return {
    producerCpuUs: minus(use.producerCpuUs, reference?.producerCpuUs),
    consumerCpuUs: minus(use.consumerCpuUs, reference?.consumerCpuUs),
  };
}

const scaled = (usPerMB: number | null, recordBytes: number): number | null =>
  usPerMB === null ? null : (usPerMB * recordBytes) / 1e6;
