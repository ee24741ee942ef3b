import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { median } from '../../../stats/describe.ts';
import {
  beyond,
  cpuBaseOf,
  type MonthlyPrice,
  type PriceTerms,
  priceOf,
  type RecordUse,
  recordUse,
} from './price.ts';
import type { StampEffect } from './stamp.ts';

export interface PricedConfig {
  readonly label: string;
  /** Whether the bytes are those without the stamp. */
  readonly withoutStamp: boolean;
  /** The configuration without compression whose CPU is taken off; null: there was none. */
  readonly cpuBeyond: string | null;
  readonly price: MonthlyPrice;
}

/** Medians of what a record used, over the valid repeats; null where a figure is missing in all of them. */
function typicalUse({ valid }: CellSummary, measuredReplicas: number): RecordUse | null {
  const uses = valid.flatMap((result) => recordUse(result, measuredReplicas) ?? []);
  if (uses.length === 0) return null;
  const of = (key: keyof RecordUse): number | null => {
    const values = uses.flatMap((use) => use[key] ?? []);
    return values.length === 0 ? null : median(values);
  };
  return {
    wireBytes: of('wireBytes') ?? 0,
    diskBytes: of('diskBytes'),
    producerCpuUs: of('producerCpuUs'),
    consumerCpuUs: of('consumerCpuUs'),
  };
}

/** A month of each configuration: bytes without the stamp where they are known, CPU beyond that without a codec. */
export function priced(
  cells: readonly CellSummary[],
  stamp: readonly StampEffect[],
  terms: PriceTerms,
): PricedConfig[] {
  const base = cpuBaseOf(cells, terms);
  return cells.flatMap((cell): PricedConfig[] => {
    const use = typicalUse(cell, terms.measuredReplicas);
    if (use === null) return [];
    const plain = stamp.find(({ label }) => label === cell.label)?.plain;
    const bytes =
      plain === undefined
        ? {}
        : {
            wireBytes: plain.wireBytes,
            diskBytes: plain.diskBytes === null ? null : plain.diskBytes / terms.measuredReplicas,
          };
    return [
      {
        label: cell.label,
        withoutStamp: plain !== undefined,
        cpuBeyond: base.label,
        price: priceOf({ ...beyond(use, base), ...bytes }, terms),
      },
    ];
  });
}
