import type { Prices } from '../catalog/schema.ts';
import { rolesOf } from './spec.ts';
import type { ClusterSpec, RoleName } from './spec-schema.ts';

const HOURS_PER_MONTH = 730;
/** A public IPv4 address, USD an hour, while its instance runs: AWS VPC pricing since 2024-02-01. */
const PUBLIC_IPV4_PER_HOUR = 0.005;

interface RolePrice {
  readonly role: RoleName;
  readonly count: number;
  readonly instanceType: string;
  readonly market: 'on-demand' | 'spot';
  /** All hosts of the role; null where the type's price is not known. */
  readonly instancesPerHour: number | null;
  readonly volumesPerHour: number;
}

export interface ClusterPrice {
  readonly currency: string;
  readonly asOf: string;
  readonly roles: readonly RolePrice[];
  /** Everything on; null where a price is not known. */
  readonly perHour: number | null;
  readonly perDay: number | null;
  /** Instances stopped: volumes only. */
  readonly stoppedPerDay: number;
  readonly notes: readonly string[];
}

/** gp3: space a month, and what is above the included 3,000 IOPS and 125 MiB/s. */
function volumePerHour(prices: Prices, sizeGiB: number, iops = 3_000, throughputMiBps = 125): number {
  const { perGBMonth, perExtraIopsMonth, perExtraMBpsMonth } = prices.gp3;
  const perMonth =
    sizeGiB * perGBMonth + (iops - 3_000) * perExtraIopsMonth + (throughputMiBps - 125) * perExtraMBpsMonth;
  return perMonth / HOURS_PER_MONTH;
}

/**
 * What a cluster costs. A spot role counts as its spot price where one is given, else as on demand, which it never
 * exceeds; the dearest of a role's types is what the budget is held to.
 *
 * @param spotPerHour the dearest current spot price in the spec's zones, by instance type
 */
export function priceOf(
  spec: ClusterSpec,
  prices: Prices,
  spotPerHour: ReadonlyMap<string, number> = new Map(),
): ClusterPrice {
  const notes: string[] = [];
  const roles = rolesOf(spec).map(({ name, role }): RolePrice => {
    const priced = [role.instanceType, ...role.fallbackTypes].map((type) => {
      const onDemand = prices.instancesPerHour[type];
      const spot = role.market === 'spot' ? spotPerHour.get(type) : undefined;
      return { type, perHour: spot ?? onDemand ?? null };
    });
    const unknown = priced.filter(({ perHour }) => perHour === null).map(({ type }) => type);
    if (unknown.length > 0) notes.push(`no price is known for ${unknown.join(', ')}: give it with --prices`);
    const dearest = priced.reduce((a, b) => ((b.perHour ?? 0) > (a.perHour ?? 0) ? b : a));
    if (dearest.type !== role.instanceType && unknown.length === 0) {
      notes.push(`${name}: priced as ${dearest.type}, the dearest of its types`);
    }
    if (role.market === 'spot' && !spotPerHour.has(dearest.type)) {
      notes.push(`${name}: priced on demand, which spot does not exceed`);
    }
    const data = role.dataVolume;
    const volumes =
      volumePerHour(prices, role.rootVolumeGiB) +
      (data === undefined ? 0 : volumePerHour(prices, data.sizeGiB, data.iops, data.throughputMiBps));
    return {
      role: name,
      count: role.count,
      instanceType: role.instanceType,
      market: role.market,
      instancesPerHour: unknown.length > 0 ? null : role.count * (dearest.perHour ?? 0),
      volumesPerHour: role.count * volumes,
    };
  });
  const addresses = roles.reduce((sum, { count }) => sum + count, 0) * PUBLIC_IPV4_PER_HOUR;
  const volumes = roles.reduce((sum, { volumesPerHour }) => sum + volumesPerHour, 0);
  const instances = roles.every(({ instancesPerHour }) => instancesPerHour !== null)
    ? roles.reduce((sum, { instancesPerHour }) => sum + (instancesPerHour ?? 0), 0)
    : null;
  const perHour = instances === null ? null : instances + volumes + addresses;
  notes.push(
    `public addresses included (${PUBLIC_IPV4_PER_HOUR} per hour each); traffic between zones and to the internet is not`,
  );
  return {
    currency: prices.currency,
    asOf: prices.asOf,
    roles,
    perHour,
    perDay: perHour === null ? null : perHour * 24,
    stoppedPerDay: volumes * 24,
    notes,
  };
}

/** Why a price is over the budget; undefined where it is not. A price that is not known cannot be under it. */
export function overBudget(spec: ClusterSpec, price: ClusterPrice): string | undefined {
  const { perHour, perDay } = spec.budget;
  const money = (value: number): string => `${value.toFixed(2)} ${price.currency}`;
  if (price.perHour === null || price.perDay === null)
    return 'the price is not known, so it cannot be held to the budget';
  if (perHour !== undefined && price.perHour > perHour) {
    return `${money(price.perHour)} per hour is over the budget of ${money(perHour)}`;
  }
  if (perDay !== undefined && price.perDay > perDay) {
    return `${money(price.perDay)} per day is over the budget of ${money(perDay)}`;
  }
  return undefined;
}
