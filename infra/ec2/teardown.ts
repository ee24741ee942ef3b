import {
  DeleteKeyPairCommand,
  DeletePlacementGroupCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import { awsCode, isNotFound } from './aws-errors.ts';
import { asking, type Ec2 } from './client.ts';
import { instancesOf, PATIENCE, type Patience, waitForState } from './instances.ts';
import { findKeyPairs } from './key.ts';
import { findSecurityGroups, hasPlacementGroup, placementGroupName } from './network.ts';
import { cancelSpotRequests, openSpotRequests } from './spot.ts';
import { byTag, TAG } from './tags.ts';

/** What to remove: a cluster's name, and whether it may have a placement group, which cannot be looked up by tag. */
export interface Target {
  readonly name: string;
  readonly placementGroup: boolean;
}

export interface TornDown {
  readonly spotRequests: readonly string[];
  readonly instances: readonly string[];
  readonly volumes: readonly string[];
  readonly securityGroups: readonly string[];
  readonly placementGroups: readonly string[];
  readonly keyPairs: readonly string[];
}

/**
 * Removes everything that carries the cluster's tags: spot requests first, since an open one makes a new instance for
 * each that ends, then instances, volumes, security group, placement group, key. Ends only when Describe shows none
 * of it; throws aws-failed naming what is left.
 */
export async function tearDown(
  ec2: Ec2,
  target: Target,
  onLine: (line: string) => void,
  patience: Patience = PATIENCE,
): Promise<TornDown> {
  const clusterName = target.name;
  const ours = [byTag(TAG.cluster, clusterName), byTag(TAG.managedBy, 'ksweep')];
  const instances = (await instancesOf(ec2, clusterName)).flatMap(({ InstanceId }) => InstanceId ?? []);
  // By instance as well: a request that was tagged only later would otherwise be overlooked.
  const spotRequests = [
    ...(await cancelSpotRequests(ec2, ours)),
    ...(instances.length === 0
      ? []
      : await cancelSpotRequests(ec2, [{ Name: 'instance-id', Values: instances }])),
  ];
  if (spotRequests.length > 0) onLine(`${spotRequests.length} spot requests cancelled`);
  if (instances.length > 0) {
    onLine(`ending ${instances.length} hosts`);
    await asking('ending the hosts', () =>
      ec2.send(new TerminateInstancesCommand({ InstanceIds: instances })),
    );
    await waitForState(ec2, instances, 'terminated', patience);
  }
  const volumes = await removeVolumes(ec2, clusterName);
  const securityGroups = await findSecurityGroups(ec2, clusterName);
  for (const GroupId of securityGroups) {
    onLine(`removing security group ${GroupId}`);
    await insisting(`removing security group ${GroupId}`, patience, () =>
      ec2.send(new DeleteSecurityGroupCommand({ GroupId })),
    );
  }
  const placementGroups = await leftPlacementGroups(ec2, target);
  for (const GroupName of placementGroups) {
    onLine(`removing placement group ${GroupName}`);
    await insisting(`removing placement group ${GroupName}`, patience, () =>
      ec2.send(new DeletePlacementGroupCommand({ GroupName })),
    );
  }
  const keyPairs = await findKeyPairs(ec2, clusterName);
  for (const KeyName of keyPairs) {
    onLine(`removing key pair ${KeyName}`);
    await asking(`removing key pair ${KeyName}`, () => ec2.send(new DeleteKeyPairCommand({ KeyName })));
  }
  await prove(ec2, target);
  return { spotRequests, instances, volumes, securityGroups, placementGroups, keyPairs };
}

/** Volumes end with their instances; one that was detached by hand does not. */
async function removeVolumes(ec2: Ec2, clusterName: string): Promise<string[]> {
  const volumes = await leftVolumes(ec2, clusterName);
  for (const VolumeId of volumes) {
    await asking(`removing volume ${VolumeId}`, () => ec2.send(new DeleteVolumeCommand({ VolumeId })));
  }
  return volumes;
}

async function leftVolumes(ec2: Ec2, clusterName: string): Promise<string[]> {
  const { Volumes = [] } = await asking('looking for volumes', () =>
    ec2.send(
      new DescribeVolumesCommand({
        Filters: [
          byTag(TAG.cluster, clusterName),
          byTag(TAG.managedBy, 'ksweep'),
          { Name: 'status', Values: ['available'] },
        ],
      }),
    ),
  );
  return Volumes.flatMap(({ VolumeId }) => VolumeId ?? []);
}

/** Network interfaces hold on to their group for a while after their instance has ended. */
const STILL_IN_USE = /^(DependencyViolation|InvalidGroup\.InUse|InvalidPlacementGroup\.InUse)$/;

async function insisting(what: string, patience: Patience, remove: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + patience.limitMs;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!STILL_IN_USE.test(awsCode(error)) || Date.now() > deadline) {
        await asking(what, () => Promise.reject(error));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, patience.everyMs));
  }
}

async function leftPlacementGroups(ec2: Ec2, { name, placementGroup }: Target): Promise<string[]> {
  return placementGroup && (await hasPlacementGroup(ec2, name)) ? [placementGroupName(name)] : [];
}

/** What Describe still shows of a cluster, in words; empty when all is gone. */
export async function remains(ec2: Ec2, target: Target): Promise<string[]> {
  const clusterName = target.name;
  const instances = await instancesOf(ec2, clusterName);
  const spot = await openSpotRequests(ec2, [byTag(TAG.cluster, clusterName), byTag(TAG.managedBy, 'ksweep')]);
  return [
    ...instances.map(({ InstanceId, State }) => `instance ${InstanceId} (${State?.Name})`),
    ...spot.map((id) => `spot request ${id}`),
    ...(await leftVolumes(ec2, clusterName)).map((id) => `volume ${id}`),
    ...(await findSecurityGroups(ec2, clusterName)).map((id) => `security group ${id}`),
    ...(await leftPlacementGroups(ec2, target)).map((name) => `placement group ${name}`),
    ...(await findKeyPairs(ec2, clusterName)).map((name) => `key pair ${name}`),
  ];
}

async function prove(ec2: Ec2, target: Target): Promise<void> {
  const left = await remains(ec2, target);
  if (left.length === 0) return;
  throw new KsweepError('aws-failed', `${target.name}: not everything is gone`, {
    details: left,
    hint: 'give the command again in a minute; it removes what is left',
  });
}
