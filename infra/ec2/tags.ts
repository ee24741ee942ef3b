import type { Filter, Instance, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { ClusterSpec } from './spec-schema.ts';

/** Every resource carries these from its creation: they are how it is found again, and by whom. */
export const TAG = {
  managedBy: 'managed-by',
  cluster: 'ksweep:cluster',
  clusterId: 'ksweep:cluster-id',
  host: 'ksweep:host',
  role: 'ksweep:role',
  expiresAt: 'expires-at',
  owner: 'owner',
} as const;

export interface ClusterIdentity {
  readonly spec: ClusterSpec;
  readonly clusterId: string;
  /** ISO time after which the hosts end themselves. */
  readonly expiresAt: string;
}

export function tagsOf(identity: ClusterIdentity, more: Readonly<Record<string, string>> = {}): Tag[] {
  const { spec, clusterId, expiresAt } = identity;
  const own = {
    [TAG.owner]: process.env['USER'] ?? 'unknown',
    ...spec.tags,
    [TAG.managedBy]: 'ksweep',
    [TAG.cluster]: spec.name,
    [TAG.clusterId]: clusterId,
    [TAG.expiresAt]: expiresAt,
    ...more,
  };
  return Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
}

export function taggedAs(resource: TagSpecification['ResourceType'], tags: Tag[]): TagSpecification {
  return { ResourceType: resource, Tags: tags };
}

export const byTag = (key: string, ...values: string[]): Filter => ({ Name: `tag:${key}`, Values: values });

export function tagOf(
  resource: { readonly Tags?: readonly Tag[] | undefined },
  key: string,
): string | undefined {
  return resource.Tags?.find((tag) => tag.Key === key)?.Value;
}

/** Whether it still costs, or may again: everything but terminated. */
export const isThere = (instance: Instance): boolean =>
  instance.State?.Name !== 'terminated' && instance.State?.Name !== 'shutting-down';
