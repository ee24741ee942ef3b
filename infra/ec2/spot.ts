import {
  CancelSpotInstanceRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSpotPriceHistoryCommand,
  type Filter,
} from '@aws-sdk/client-ec2';
import { asking, type Ec2 } from './client.ts';
import { rolesOf } from './spec.ts';
import type { ClusterSpec } from './spec-schema.ts';

/** Requests that have an instance, or may get one. */
export async function openSpotRequests(ec2: Ec2, filters: Filter[]): Promise<string[]> {
  const { SpotInstanceRequests = [] } = await asking('looking for spot requests', () =>
    ec2.send(
      new DescribeSpotInstanceRequestsCommand({
        Filters: [...filters, { Name: 'state', Values: ['open', 'active', 'disabled'] }],
      }),
    ),
  );
  return SpotInstanceRequests.flatMap(({ SpotInstanceRequestId }) => SpotInstanceRequestId ?? []);
}

/** A persistent request that is open makes a new instance for every one that ends, so it goes first. */
export async function cancelSpotRequests(ec2: Ec2, filters: Filter[]): Promise<string[]> {
  const ids = await openSpotRequests(ec2, filters);
  if (ids.length > 0) {
    await asking('cancelling spot requests', () =>
      ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ids })),
    );
  }
  return ids;
}

/** The dearest current price of each spot type in the spec's zones; types without a price are left out. */
export async function spotPrices(ec2: Ec2, spec: ClusterSpec): Promise<Map<string, number>> {
  const types = rolesOf(spec).flatMap(({ role }) =>
    role.market === 'spot' ? [role.instanceType, ...role.fallbackTypes] : [],
  );
  const prices = new Map<string, number>();
  if (types.length === 0) return prices;
  const { SpotPriceHistory = [] } = await asking('reading spot prices', () =>
    ec2.send(
      new DescribeSpotPriceHistoryCommand({
        InstanceTypes: types as never,
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: new Date(),
      }),
    ),
  );
  for (const { InstanceType, AvailabilityZone, SpotPrice } of SpotPriceHistory) {
    const price = Number(SpotPrice);
    if (InstanceType === undefined || !Number.isFinite(price)) continue;
    if (!spec.zones.includes(AvailabilityZone ?? '')) continue;
    prices.set(InstanceType, Math.max(price, prices.get(InstanceType) ?? 0));
  }
  return prices;
}
