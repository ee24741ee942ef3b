import { meantValue } from '../common/nearest.ts';
import { own } from '../common/own.ts';
import type { Scalar } from '../common/scalar.ts';
import type { Problem } from '../common/yaml/issues.ts';
import type { CellSettings } from '../results/planned.ts';
import type { Workload } from './schema.ts';
import { noAxis } from './threshold-problems.ts';

type Sweep = NonNullable<Workload['sweep']>;
export type AxisValue = Sweep['axes'][string][number];

export interface Axis {
  readonly name: string;
  readonly values: readonly AxisValue[];
}

const scalarText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** How a value reads as a setting: a map of several is one text, so that every view can show it. */
export function settingOf(value: AxisValue): Scalar {
  if (typeof value !== 'object') return value;
  return Object.entries(value)
    .map(([key, one]) => `${key}=${scalarText(one)}`)
    .join(',');
}

/** Whether a rule of sweep.exclude leaves a combination out. */
export function matches(
  settings: CellSettings,
  rule: Readonly<Record<string, Scalar | readonly Scalar[]>>,
): boolean {
  return Object.entries(rule).every(([axis, wanted]) => {
    const value = own(settings, axis);
    const any = Array.isArray(wanted) ? wanted : [wanted];
    return any.some((one) => String(one) === String(value));
  });
}

/** Rules that could never leave a combination out: they name no axis, or a value that is not on it. */
export function excludeProblems(rules: Sweep['exclude'], axes: readonly Axis[]): Problem[] {
  return rules.flatMap((rule, index) =>
    Object.entries(rule).flatMap(([name, wanted]): Problem[] => {
      const path = ['sweep', 'exclude', index, name];
      const axis = axes.find((one) => one.name === name);
      if (axis === undefined) {
        const names = axes.map((one) => one.name);
        return [{ path, at: 'key', message: noAxis(name, names) }];
      }
      const values = axis.values.map((value) => String(settingOf(value)));
      return [wanted].flat().flatMap((one): Problem[] => {
        if (values.includes(String(one))) return [];
        const message = `${name} is never ${one} in this sweep${meantValue(String(one), values)}`;
        return [{ path, at: 'value', message }];
      });
    }),
  );
}
