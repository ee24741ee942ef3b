import { KsweepError } from '../../bench/common/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ClusterUnderTest } from '../cluster-under-test.ts';
import type { Inventory } from './inventory.ts';

const INNER_PORT = 9092;
const OUTER_PORT = 9094;

/** What a run keeps of the brokers' hardware: enough to tell whether two runs are comparable, and what one cost. */
export function brokerHardware(inventory: Inventory, catalog: Catalog): Record<string, unknown> {
  const brokers = inventory.hosts.filter(({ role }) => role === 'broker');
  const types = [...new Set(brokers.map(({ instanceType }) => instanceType))];
  const known = catalog.instances.get(types[0] ?? '');
  const prices = catalog.prices.get(inventory.region);
  return {
    provider: 'ec2',
    cluster: inventory.name,
    region: inventory.region,
    zones: [...new Set(brokers.map(({ zone }) => zone))].sort(),
    instanceType: types.join(', '),
    brokers: brokers.length,
    market: [...new Set(brokers.map(({ market }) => market))].join(', '),
    vcpus: known?.vcpus ?? null,
    memoryGiB: known?.memoryGiB ?? null,
    networkBaselineBytesPerSec:
      known?.network.baselineGbps == null ? null : known.network.baselineGbps * 1.25e8,
    ebsBaselineBytesPerSec: known?.ebs == null ? null : known.ebs.baselineMBps * 1e6,
    dataVolume: inventory.dataVolume,
    burstable: types.some((type) => /^t\d/.test(type)),
    cpuCredits: [...new Set(brokers.flatMap(({ cpuCredits }) => cpuCredits ?? []))].join(', ') || null,
    imageIds: inventory.imageIds,
    pricePerHour: prices?.instancesPerHour[types[0] ?? ''] ?? null,
    currency: prices?.currency ?? null,
    pricesAsOf: prices?.asOf ?? null,
  };
}

function loadHostNetworks(inventory: Inventory, catalog: Catalog): Record<string, number> {
  return Object.fromEntries(
    inventory.hosts
      .filter(({ role }) => role === 'load')
      .flatMap(({ name, instanceType }) => {
        const gbps = catalog.instances.get(instanceType)?.network.baselineGbps;
        return gbps == null ? [] : [[name, gbps * 1.25e8] as const];
      }),
  );
}

/** Whether a machine with these addresses is one of the cluster's own hosts. */
export const isInside = ({ hosts }: Inventory, ownAddresses: readonly string[]): boolean =>
  hosts.some(({ privateIp }) => ownAddresses.includes(privateIp));

/**
 * The cluster of an inventory as a run sees it: from one of its own hosts by private addresses, from elsewhere by its
 * outer listener. Generators on its own hosts use private addresses in any case.
 *
 * @param ownAddresses of this machine
 * @param loadHosts names of the hosts that generate the load; none: this machine
 */
export function provisionedUnderTest(
  inventory: Inventory,
  catalog: Catalog,
  ownAddresses: readonly string[],
  loadHosts: readonly string[] = [],
): ClusterUnderTest {
  const brokers = inventory.hosts.filter(({ role }) => role === 'broker');
  const inside = isInside(inventory, ownAddresses);
  if (!inside && !inventory.externalListener) {
    const load = inventory.hosts.find(({ role }) => role === 'load');
    throw new KsweepError(
      'usage',
      `${inventory.name} listens only to its own hosts, and this is none of them`,
      {
        hint:
          load === undefined
            ? 'set kafka.externalListener in the spec and configure again, or add a role load and run there'
            : `run on ${load.name} (${load.publicIp ?? load.privateIp}), or set kafka.externalListener in the spec`,
      },
    );
  }
  const inner = brokers.map(({ privateIp }) => `${privateIp}:${INNER_PORT}`).join(',');
  const outer = brokers.map(({ privateIp, publicIp }) => `${publicIp ?? privateIp}:${OUTER_PORT}`).join(',');
  const bootstrapServers = inside ? inner : outer;
  const ownNames = new Set(inventory.hosts.map(({ name }) => name));
  const loadedWithin = loadHosts.length > 0 && loadHosts.every((name) => ownNames.has(name));
  return {
    info: {
      bootstrapServers,
      kafkaVersion: inventory.kafkaVersion,
      mode: inventory.kafkaMode,
      local: false,
      hardware: brokerHardware(inventory, catalog),
    },
    connection: { 'bootstrap.servers': bootstrapServers },
    ...(loadedWithin && !inside ? { loadConnection: { 'bootstrap.servers': inner } } : {}),
    loadHostNetworks: loadHostNetworks(inventory, catalog),
    control: null,
    // Only the cluster's own hosts are let in.
    metrics:
      inside && inventory.metricsPort !== undefined
        ? brokers.map(({ privateIp }) => `http://${privateIp}:${inventory.metricsPort}/metrics`)
        : [],
  };
}
