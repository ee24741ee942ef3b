import type { BrokerSizing } from './brokers.ts';
import type { SizingReport } from './report.ts';

/** The part of the answer that every mode gives of its brokers; what no number of brokers meets is null. */
export function brokersAnswer(sizing: BrokerSizing | null, instance: string): SizingReport['brokers'] {
  if (sizing === null) return null;
  const finite = (count: number) => (Number.isFinite(count) ? count : null);
  return {
    recommended: sizing.infeasible.length === 0 ? finite(sizing.brokers) : null,
    needed: finite(sizing.needed),
    withoutFailures: finite(sizing.withoutFailures),
    binding: sizing.binding,
    why: sizing.why,
    instance,
    needs: sizing.needs.map((need) => ({
      ...need,
      brokers: finite(need.brokers),
      brokersWithFailures: finite(need.brokersWithFailures),
    })),
  };
}
