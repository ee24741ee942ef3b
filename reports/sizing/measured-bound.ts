import type { Binding } from '../../bench/results/result.ts';
import type { CapacityPoint } from './capacity.ts';
import { type Figure, figure } from './figure.ts';
import type { Sample } from './measured-run.ts';

/**
 * What held the fastest point of a curve back: the resource that bound most of its repeats, or "not known". Empty where
 * the runs are of a version that did not ask.
 */
export function measuredBound(
  samples: readonly Sample[],
  points: readonly CapacityPoint[],
  source: string,
): Figure[] {
  const fastest = points.toSorted((a, b) => b.point - a.point)[0];
  if (fastest === undefined) return [];
  const at = samples.filter(({ partitions }) => partitions === fastest.partitions);
  const asked = at.flatMap(({ repeat }) => (repeat.boundBy === undefined ? [] : [repeat.boundBy]));
  if (asked.length === 0) return [];
  const named = new Map<string, Binding[]>();
  for (const binding of asked.flat().filter(({ binds }) => binds)) {
    named.set(binding.resource, [...(named.get(binding.resource) ?? []), binding]);
  }
  const most = [...named.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  const [first] = most;
  const agreed = first !== undefined && most.length * 2 > asked.length;
  const where = `at ${fastest.partitions} partitions, the fastest point of ${source}`;
  return [
    figure(
      'Bound when measured',
      agreed ? first.resource : 'not known',
      '',
      'measured',
      agreed
        ? `${where}: in ${most.length} of ${asked.length} repeats (${first.evidence})`
        : `${where}: no resource bound most of ${asked.length} repeats`,
    ),
  ];
}
