import type { HostFiles } from './files.ts';

/** Time lost so far because a resource was short, µs (the kernel's Documentation/accounting/psi.rst). */
export interface Pressure {
  /** At least one task waited. */
  readonly someUs: number;
  /** All tasks waited at once; null where the kernel does not tell, as for cpu before 5.13. */
  readonly fullUs: number | null;
}

export const RESOURCES = ['cpu', 'io', 'memory'] as const;
export type Resource = (typeof RESOURCES)[number];

/** Pressure of each resource; null where the kernel is older than 4.20 or was built or booted without it. */
export function readPressure(files: HostFiles): { readonly [R in Resource]: Pressure | null } {
  const of = (resource: Resource): Pressure | null => {
    const text = files.read(`proc/pressure/${resource}`);
    const some = text?.match(/^some .*total=(\d+)/m)?.[1];
    if (some === undefined) return null;
    const full = text?.match(/^full .*total=(\d+)/m)?.[1];
    return { someUs: Number(some), fullUs: full === undefined ? null : Number(full) };
  };
  return { cpu: of('cpu'), io: of('io'), memory: of('memory') };
}
