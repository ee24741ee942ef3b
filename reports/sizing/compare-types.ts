import { formatNumber } from '../../bench/common/format-number.ts';
import type { BrokerHardware } from './broker-hardware.ts';
import type { Table, TypeCost } from './report.ts';
import { type HardwareVariants, isComparable, type Judged } from './ways-out.ts';

/** One type's answer to the same demand. */
export interface TypeAnswer {
  readonly brokers: number | null;
  readonly binding: string;
  readonly costPerMonth: Judged['costPerMonth'];
}

/** The same demand on every type that may stand beside it, the cheapest first; those without a price or an answer last. */
export function compareTypes(
  variants: HardwareVariants | undefined,
  solve: (hardware: BrokerHardware) => TypeAnswer,
): TypeCost[] {
  const costs = (variants?.types ?? []).flatMap((instance): TypeCost[] => {
    const hardware = variants?.resolve({ instance }) ?? null;
    return hardware === null || !isComparable(hardware) ? [] : [{ instance, ...solve(hardware) }];
  });
  const rank = ({ brokers, costPerMonth }: TypeCost) =>
    brokers === null ? Number.POSITIVE_INFINITY : (costPerMonth ?? Number.MAX_VALUE);
  return costs.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** The comparison for a reader. */
export function typesTable(types: readonly TypeCost[], currency: string): Table[] {
  if (types.length === 0) return [];
  return [
    {
      title: 'The same demand on other types',
      columns: ['Type', 'Brokers', 'Bound by', 'A month'],
      rows: types.map(({ instance, brokers, binding, costPerMonth }) => [
        instance,
        brokers === null ? 'infeasible' : formatNumber(brokers),
        binding,
        brokers === null
          ? '–'
          : costPerMonth === null
            ? 'price not known'
            : `${formatNumber(Math.round(costPerMonth))} ${currency}`,
      ]),
    },
  ];
}
