import { join } from 'node:path';
import type { Instance } from '@aws-sdk/client-ec2';
import { packageRoot } from '../../bench/common/package-root.ts';
import { loadCatalog } from '../../infra/catalog/catalog.ts';
import { hostsOf } from '../../infra/ec2/hosts.ts';
import { type Inventory, inventoryOf } from '../../infra/ec2/inventory.ts';
import { type LoadedSpec, loadSpec } from '../../infra/ec2/spec.ts';
import { TAG } from '../../infra/ec2/tags.ts';

export const catalog = loadCatalog({ env: { XDG_DATA_HOME: '/nowhere' } });

export const shippedSpec = (name: string): LoadedSpec =>
  loadSpec(join(packageRoot(), 'infra', 'clusters', name), catalog);

export const instance = (
  host: string,
  id: string,
  state = 'running',
  more: Partial<Instance> = {},
): Instance => ({
  InstanceId: id,
  InstanceType: 'm7g.large',
  PrivateIpAddress: `10.0.0.${id.length}`,
  PublicIpAddress: `192.0.2.${id.length}`,
  State: { Name: state as 'running' },
  Tags: [
    { Key: TAG.host, Value: host },
    { Key: TAG.managedBy, Value: 'ksweep' },
    { Key: TAG.clusterId, Value: 'abc' },
  ],
  ...more,
});

/** The inventory of a shipped spec whose hosts all run. */
export function inventory(file: string, instanceType = 'm7g.large', external = false): Inventory {
  const { spec } = shippedSpec(file);
  const instances = hostsOf(spec).map(({ name }, i) =>
    instance(name, `i-${'1'.repeat(i + 1)}`, 'running', {
      InstanceType: instanceType as 'm7g.large',
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeId: 'vol-0abc' } }],
    }),
  );
  const kafka = { ...spec.kafka, externalListener: external };
  const credits = new Map(instances.map(({ InstanceId }) => [InstanceId ?? '', 'standard']));
  return inventoryOf(
    { ...spec, kafka },
    { clusterId: 'abc', expiresAt: '2030-01-01T00:00:00.000Z' },
    instances,
    credits,
  );
}
