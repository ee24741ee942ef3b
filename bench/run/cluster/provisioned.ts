import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ClusterUnderTest } from '../../../infra/cluster-under-test.ts';
import type { Inventory } from '../../../infra/ec2/inventory.ts';
import { KsweepError } from '../../common/errors.ts';

/** The inventory of a cluster that `ksweep infra` made: it is on the operator's machine and on its own load hosts. */
async function inventoryOf(
  name: string,
): Promise<{ readonly inventory: Inventory; readonly folder: string }> {
  const { readInventory } = await import('../../../infra/ec2/inventory.ts');
  const { clusterFolder } = await import('../../../infra/ec2/journal.ts');
  const folder = clusterFolder(name);
  return { inventory: readInventory(name, [folder, `/etc/ksweep/clusters/${name}`]), folder };
}

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);

/** @param loadHosts by name; none: the load is generated on this machine */
export async function provisioned(name: string, loadHosts: readonly string[]): Promise<ClusterUnderTest> {
  const { loadCatalog } = await import('../../../infra/catalog/catalog.ts');
  const { provisionedUnderTest } = await import('../../../infra/ec2/under-test.ts');
  const { inventory } = await inventoryOf(name);
  return provisionedUnderTest(inventory, loadCatalog(), ownAddresses(), loadHosts);
}

/** Where a provisioned cluster is loaded from unless somebody says otherwise. */
export interface OwnLoadHosts {
  /** As `--load-hosts` takes it. */
  readonly where: string;
  /** For people: why there. */
  readonly why: string;
}

/** The cluster's own load hosts; this machine where it is one of the cluster's. Throws usage where there are none. */
export async function ownLoadHosts(name: string): Promise<OwnLoadHosts> {
  const { isInside } = await import('../../../infra/ec2/under-test.ts');
  const { inventory, folder } = await inventoryOf(name);
  const file = join(folder, 'inventory.yml');
  if (isInside(inventory, ownAddresses())) {
    return { where: 'local', why: `load from this host, which is one of ${name}'s` };
  }
  const fromHere = '--load-hosts local loads from this host, outside its network';
  if (!inventory.hosts.some(({ role }) => role === 'load')) {
    throw new KsweepError('usage', `--cluster ${name} has no load hosts`, {
      hint: `add a role load to its spec and run \`ksweep infra up\` again; ${fromHere}`,
    });
  }
  if (!existsSync(file)) {
    throw new KsweepError('usage', `--cluster ${name} has load hosts, and ${file} is not there`, {
      hint: `write it anew with \`ksweep infra inventory --spec FILE\`; ${fromHere}`,
    });
  }
  return {
    where: `ssh:@${file}`,
    why: `load from ${name}'s own load hosts, by private addresses (--load-hosts local: from this host)`,
  };
}
