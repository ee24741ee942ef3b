import type { Ec2 } from './client.ts';
import { hostsOf } from './hosts.ts';
import { instancesOf } from './instances.ts';
import { byHostName } from './launch.ts';
import type { ClusterSpec } from './spec-schema.ts';
import { TAG, tagOf } from './tags.ts';

interface HostStatus {
  readonly name: string;
  readonly role: string;
  /** `none`: there is no instance of it. */
  readonly state: string;
  readonly instanceId: string | null;
  readonly instanceType: string | null;
  readonly zone: string | null;
  readonly publicIp: string | null;
  readonly expiresAt: string | null;
}

export interface ClusterStatus {
  readonly name: string;
  readonly state: 'up' | 'off' | 'partly' | 'none';
  readonly hosts: readonly HostStatus[];
}

/** The cluster as AWS shows it, host by host. */
export async function clusterStatus(ec2: Ec2, spec: ClusterSpec): Promise<ClusterStatus> {
  const byName = byHostName(await instancesOf(ec2, spec.name));
  const hosts = hostsOf(spec).map(({ name, role }): HostStatus => {
    const instance = byName.get(name);
    return {
      name,
      role,
      state: instance?.State?.Name ?? 'none',
      instanceId: instance?.InstanceId ?? null,
      instanceType: instance?.InstanceType ?? null,
      zone: instance?.Placement?.AvailabilityZone ?? null,
      publicIp: instance?.PublicIpAddress ?? null,
      expiresAt: (instance && tagOf(instance, TAG.expiresAt)) ?? null,
    };
  });
  const all = (state: string): boolean => hosts.every((host) => host.state === state);
  const state = all('running') ? 'up' : all('stopped') ? 'off' : all('none') ? 'none' : 'partly';
  return { name: spec.name, state, hosts };
}
