import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '@aws-sdk/client-ec2';
import { stringify } from 'yaml';
import { z } from 'zod';
import { KsweepError } from '../../bench/common/errors.ts';
import { hostsOf } from './hosts.ts';
import { SSH_USER } from './image.ts';
import { clusterFolder } from './journal.ts';
import { privateKeyFile } from './key.ts';
import { byHostName, DATA_DEVICE } from './launch.ts';
import type { ClusterSpec, RoleName } from './spec-schema.ts';

/** What is known of a cluster's hosts: written after `up` and `start`, read by everything that reaches them. */
const inventoryHostSchema = z.strictObject({
  name: z.string(),
  role: z.enum(['broker', 'controller', 'zookeeper', 'load', 'ansible']),
  number: z.int().positive(),
  instanceId: z.string(),
  instanceType: z.string(),
  zone: z.string(),
  market: z.enum(['on-demand', 'spot']),
  privateIp: z.string(),
  publicIp: z.string().nullable(),
  /** Of the data volume: a Nitro instance shows it as /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_<id>. */
  dataVolumeId: z.string().nullable(),
  cpuCredits: z.string().nullable(),
});
export type InventoryHost = z.infer<typeof inventoryHostSchema>;

const inventorySchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string(),
  clusterId: z.string(),
  region: z.string(),
  writtenAt: z.string(),
  expiresAt: z.string(),
  imageIds: z.array(z.string()),
  kafkaMode: z.enum(['kraft', 'zookeeper']),
  kafkaVersion: z.string().nullable(),
  externalListener: z.boolean(),
  /** Where each broker serves its metrics; absent where it does not, or in inventories of older versions. */
  metricsPort: z.int().optional(),
  dataVolume: z
    .strictObject({ sizeGiB: z.number(), iops: z.number(), throughputMiBps: z.number() })
    .nullable(),
  hosts: z.array(inventoryHostSchema),
});
export type Inventory = z.infer<typeof inventorySchema>;

/** The role's own default, kafka_jmx_exporter_port. */
const METRICS_PORT = 7071;

const GROUP: Readonly<Record<RoleName, string>> = {
  broker: 'kafka',
  controller: 'controllers',
  zookeeper: 'zookeeper',
  load: 'load',
  ansible: 'ansible',
};

/** @param credits CPU credit option by instance id, for burstable ones */
export function inventoryOf(
  spec: ClusterSpec,
  cluster: { readonly clusterId: string; readonly expiresAt: string },
  instances: readonly Instance[],
  credits: ReadonlyMap<string, string>,
): Inventory {
  const byName = byHostName(instances);
  const hosts = hostsOf(spec).map(({ name, role, number }): InventoryHost => {
    const instance = byName.get(name);
    const { InstanceId, InstanceType, PrivateIpAddress } = instance ?? {};
    if (InstanceId === undefined || InstanceType === undefined || PrivateIpAddress === undefined) {
      throw new KsweepError('aws-failed', `${name} has no running instance`, {
        hint: '`ksweep infra up` makes what is missing',
      });
    }
    const data = instance?.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === DATA_DEVICE);
    return {
      name,
      role,
      number,
      instanceId: InstanceId,
      instanceType: InstanceType,
      zone: instance?.Placement?.AvailabilityZone ?? 'unknown',
      market: instance?.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
      privateIp: PrivateIpAddress,
      publicIp: instance?.PublicIpAddress ?? null,
      dataVolumeId: data?.Ebs?.VolumeId ?? null,
      cpuCredits: credits.get(InstanceId) ?? null,
    };
  });
  return {
    schemaVersion: 1,
    name: spec.name,
    clusterId: cluster.clusterId,
    region: spec.region,
    writtenAt: new Date().toISOString(),
    expiresAt: cluster.expiresAt,
    imageIds: [...new Set(instances.flatMap(({ ImageId }) => ImageId ?? []))],
    kafkaMode: spec.kafka.mode,
    kafkaVersion: spec.kafka.version ?? null,
    externalListener: spec.kafka.externalListener,
    ...(spec.kafka.vars['kafka_jmx_exporter'] === false
      ? {}
      : { metricsPort: Number(spec.kafka.vars['kafka_jmx_exporter_port'] ?? METRICS_PORT) }),
    dataVolume: spec.roles.broker.dataVolume ?? null,
    hosts,
  };
}

/** The inventory as Ansible reads it; `from` says by which address the hosts are reached. */
export function ansibleInventory(
  spec: ClusterSpec,
  inventory: Inventory,
  from: 'operator' | 'ansible-host' = 'operator',
  files: { readonly privateKey: string; readonly knownHosts: string } = {
    privateKey: privateKeyFile(spec),
    knownHosts: join(clusterFolder(spec.name), 'known_hosts'),
  },
): string {
  const hostVars = (host: InventoryHost): Record<string, unknown> => ({
    ansible_host: from === 'operator' ? (host.publicIp ?? host.privateIp) : host.privateIp,
    private_ip: host.privateIp,
    ...(host.role === 'load' ? { ksweep_rack: host.zone } : {}),
    ansible_ssh_extra_args: `-o HostKeyAlias=${host.name}`,
    ...(inventory.externalListener && host.publicIp !== null ? { kafka_external_host: host.publicIp } : {}),
    ...(host.role === 'broker' ? { kafka_node_id: host.number } : {}),
    // Node ids are one sequence for brokers and controllers of their own.
    ...(host.role === 'controller' ? { kafka_node_id: 1000 + host.number } : {}),
    ...(host.role === 'zookeeper' ? { zookeeper_myid: host.number } : {}),
    ...(host.dataVolumeId === null || host.role !== 'broker'
      ? {}
      : { kafka_data_device: dataDevice(host.dataVolumeId, host.instanceType) }),
  });
  const children = Object.fromEntries(
    Object.entries(GROUP).map(([role, group]) => [
      group,
      {
        hosts: Object.fromEntries(
          inventory.hosts.filter((host) => host.role === role).map((host) => [host.name, hostVars(host)]),
        ),
      },
    ]),
  );
  const { mode, version, externalListener, vars } = spec.kafka;
  const all = {
    vars: {
      ansible_user: SSH_USER[spec.image.os],
      ansible_ssh_private_key_file: files.privateKey,
      ansible_ssh_common_args: `-o UserKnownHostsFile=${files.knownHosts}`,
      kafka_mode: mode,
      ...(version === undefined ? {} : { kafka_version: version }),
      kafka_external_listener: externalListener,
      kafka_jmx_exporter: true,
      ...vars,
    },
    children,
  };
  return stringify({ all });
}

/** Xen instances (t2) show a volume under the name that it was attached by, Nitro ones by its id. */
function dataDevice(volumeId: string, instanceType: string): string {
  if (instanceType.startsWith('t2.')) return DATA_DEVICE.replace('/dev/sd', '/dev/xvd');
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace('-', '')}`;
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Writes cluster.json and inventory.yml into the cluster's folder. */
export function writeInventory(spec: ClusterSpec, inventory: Inventory): void {
  const folder = clusterFolder(spec.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(join(folder, 'cluster.json'), `${JSON.stringify(inventory, null, 2)}\n`);
  writeWhole(join(folder, 'inventory.yml'), ansibleInventory(spec, inventory));
}

/** The inventory of a provisioned cluster. Throws usage where this machine has none of that name. */
export function readInventory(name: string, folders: readonly string[] = [clusterFolder(name)]): Inventory {
  const file = folders
    .map((folder) => join(folder, 'cluster.json'))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) {
    throw new KsweepError('usage', `no provisioned cluster is named "${name}" here`, {
      hint: 'make it with `ksweep infra up --spec FILE`, or give --bootstrap-server',
    });
  }
  const parsed = inventorySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new KsweepError('usage', `${file} is not an inventory of this version of ksweep`, {
    hint: 'write it anew with `ksweep infra inventory --spec FILE`',
  });
}
