import { rolesOf } from './spec.ts';
import type { ClusterSpec, RoleName, RoleSpec } from './spec-schema.ts';

/** A host that a spec asks for; which type and zone it gets in the end is up to the capacity there is. */
export interface PlannedHost {
  /** peter-kafka01.foo.bar */
  readonly name: string;
  readonly role: RoleName;
  /** From 1, within its role. */
  readonly number: number;
}

/** What to ask AWS for: the whole role gets one type, spread over the zones in turn from `firstZone`. */
export interface Candidate {
  readonly instanceType: string;
  readonly firstZone: number;
}

export function hostsOf(spec: ClusterSpec): PlannedHost[] {
  return rolesOf(spec).flatMap(({ name, role }) =>
    Array.from({ length: role.count }, (_, index) => ({
      name: `${role.hosts}${String(index + 1).padStart(2, '0')}.${spec.domain}`,
      role: name,
      number: index + 1,
    })),
  );
}

/**
 * The first type in the first zones, then the same type with the zones turned on, then the next type. In a role that
 * is spread over as many zones as there are, turning them changes nothing and is left out.
 */
export function candidatesOf(spec: ClusterSpec, role: RoleSpec): Candidate[] {
  const turns = role.placement === 'cluster' || role.count < spec.zones.length ? spec.zones.length : 1;
  return [role.instanceType, ...role.fallbackTypes].flatMap((instanceType) =>
    Array.from({ length: turns }, (_, firstZone) => ({ instanceType, firstZone })),
  );
}

export function zoneOf(spec: ClusterSpec, role: RoleSpec, candidate: Candidate, number: number): string {
  const step = role.placement === 'cluster' ? 0 : number - 1;
  const zone = spec.zones[(candidate.firstZone + step) % spec.zones.length];
  if (zone === undefined) throw new Error('a spec has at least one zone');
  return zone;
}
