import { randomBytes } from 'node:crypto';
import { DescribeInstanceCreditSpecificationsCommand, type Instance } from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Ec2 } from './client.ts';
import { newestImage, rootDeviceOf } from './image.ts';
import { instancesOf, PATIENCE, type Patience, waitForState } from './instances.ts';
import { type Inventory, inventoryOf, writeInventory } from './inventory.ts';
import { clusterFolder, Journal } from './journal.ts';
import { ensureKeyPair } from './key.ts';
import { type LaunchSite, launchRole } from './launch.ts';
import { ensurePlacementGroup, ensureSecurityGroup, findSubnets } from './network.ts';
import { type LoadedSpec, rolesOf } from './spec.ts';
import type { ClusterSpec } from './spec-schema.ts';
import { type ClusterIdentity, TAG, tagOf } from './tags.ts';

export interface Operation {
  readonly ec2: Ec2;
  readonly loaded: LoadedSpec;
  readonly onLine: (line: string) => void;
  readonly patience?: Patience;
}

/**
 * Makes what the spec asks for and is not there yet. May be killed at any point: the journal and the tags tell the
 * next call what exists. Throws aws-failed with the next step.
 */
export async function up(operation: Operation & { readonly catalog: Catalog }): Promise<Inventory> {
  const { ec2, loaded, onLine, catalog } = operation;
  const patience = operation.patience ?? PATIENCE;
  const { spec } = loaded;
  const journal = new Journal(clusterFolder(spec.name));
  const identity = await identify(ec2, loaded, journal);
  const { vpcId, byZone } = await findSubnets(ec2, spec);
  const keyName = await ensureKeyPair(ec2, identity);
  onLine(`key pair ${keyName}`);
  const securityGroupId = await ensureSecurityGroup(ec2, identity, vpcId);
  onLine(`security group ${securityGroupId}`);

  const site: LaunchSite = {
    identity,
    keyName,
    securityGroupId,
    imageOf: imageResolver(ec2, spec, journal, catalog),
    subnetOf: (zone) => byZone.get(zone) ?? '',
    placementGroup: () => ensurePlacementGroup(ec2, identity),
  };
  const ids: string[] = [];
  for (const { name, role } of rolesOf(spec)) {
    const launched = await launchRole({ ec2, journal, site, onLine, patience }, name, role);
    ids.push(...launched.map(({ instanceId }) => instanceId));
  }
  const stopped = (await instancesOf(ec2, spec.name)).filter(({ State }) => /^stop/.test(State?.Name ?? ''));
  if (stopped.length > 0) {
    throw new KsweepError(
      'aws-failed',
      `${spec.name} is switched off (${stopped.length} hosts are stopped)`,
      {
        hint: `ksweep infra start --spec ${loaded.file}`,
      },
    );
  }
  onLine(`waiting until ${ids.length} hosts run`);
  const instances = await waitForState(ec2, ids, 'running', patience);
  journal.append({ event: 'up' });
  return refreshInventory(ec2, spec, identity, instances);
}

/** The cluster's id and end: of the journal, else of the tags of what is there, else new. */
async function identify(ec2: Ec2, loaded: LoadedSpec, journal: Journal): Promise<ClusterIdentity> {
  const { spec, sha256 } = loaded;
  // An `up` that failed before its first launch made nothing that the spec’s later version could contradict.
  if (journal.last('begun')?.specSha256 !== sha256 && journal.last('launching') === undefined)
    journal.close();
  const begun = journal.last('begun');
  if (begun !== undefined) {
    if (begun.specSha256 !== sha256) {
      throw new KsweepError(
        'spec-invalid',
        `${spec.name} is there already, made from another version of ${loaded.file}`,
        {
          hint: 'put the file back as it was, or take the cluster down first and bring it up anew',
        },
      );
    }
    return {
      spec,
      clusterId: begun.clusterId,
      expiresAt: journal.last('extended')?.expiresAt ?? begun.expiresAt,
    };
  }
  const [there] = await instancesOf(ec2, spec.name);
  const clusterId = (there && tagOf(there, TAG.clusterId)) ?? randomBytes(4).toString('hex');
  const expiresAt = (there && tagOf(there, TAG.expiresAt)) ?? new Date(Date.now() + spec.ttl).toISOString();
  journal.append({ event: 'begun', clusterId, region: spec.region, specSha256: sha256, expiresAt });
  return { spec, clusterId, expiresAt };
}

/** Each architecture's image is resolved once, and pinned in the journal: a later host gets the same. */
function imageResolver(
  ec2: Ec2,
  spec: ClusterSpec,
  journal: Journal,
  catalog: Catalog,
): LaunchSite['imageOf'] {
  const known = new Map<string, { imageId: string; rootDevice: string }>();
  return async (instanceType) => {
    const arch = catalog.instances.get(instanceType)?.arch ?? 'x86_64';
    const found = known.get(arch);
    if (found !== undefined) return found;
    const pinned = journal.lines.find((line) => line.event === 'image' && line.arch === arch);
    let imageId = pinned?.event === 'image' ? pinned.imageId : spec.image.id;
    imageId ??= await newestImage(ec2, spec, arch);
    if (pinned === undefined) journal.append({ event: 'image', arch, imageId });
    const image = { imageId, rootDevice: await rootDeviceOf(ec2, imageId) };
    known.set(arch, image);
    return image;
  };
}

/** Reads the hosts' addresses as they are now, and writes the inventory. */
export async function refreshInventory(
  ec2: Ec2,
  spec: ClusterSpec,
  cluster: { readonly clusterId: string; readonly expiresAt: string },
  instances: readonly Instance[],
): Promise<Inventory> {
  const inventory = inventoryOf(spec, cluster, instances, await creditsOf(ec2, instances));
  writeInventory(spec, inventory);
  return inventory;
}

/** standard or unlimited, for the burstable ones: what a figure measured on them has to be read with. */
async function creditsOf(ec2: Ec2, instances: readonly Instance[]): Promise<Map<string, string>> {
  const ids = instances.flatMap(({ InstanceId, InstanceType }) =>
    InstanceId !== undefined && /^t\d/.test(InstanceType ?? '') ? [InstanceId] : [],
  );
  if (ids.length === 0) return new Map();
  try {
    const { InstanceCreditSpecifications = [] } = await ec2.send(
      new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: ids }),
    );
    return new Map(
      InstanceCreditSpecifications.flatMap(({ InstanceId, CpuCredits }) =>
        InstanceId === undefined || CpuCredits === undefined ? [] : [[InstanceId, CpuCredits] as const],
      ),
    );
  } catch {
    // Not knowing it is written down as not known; the hosts are marked burstable by their type.
    return new Map();
  }
}
