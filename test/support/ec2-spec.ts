import { join } from 'node:path';
import type { Instance } from '@aws-sdk/client-ec2';
import { packageRoot } from '../../bench/common/package-root.ts';
import { loadCatalog } from '../../infra/catalog/catalog.ts';
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
