import {
  AuthorizeSecurityGroupIngressCommand,
  CreatePlacementGroupCommand,
  CreateSecurityGroupCommand,
  DescribePlacementGroupsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import { awsCode } from './aws-errors.ts';
import { asking, type Ec2 } from './client.ts';
import type { ClusterSpec } from './spec-schema.ts';
import { byTag, type ClusterIdentity, TAG, taggedAs, tagsOf } from './tags.ts';

export interface Subnets {
  readonly vpcId: string;
  readonly byZone: ReadonlyMap<string, string>;
}

/** The subnet of each zone: the spec's, else the default one. Throws aws-failed where a zone has none. */
export async function findSubnets(ec2: Ec2, spec: ClusterSpec): Promise<Subnets> {
  const given = Object.values(spec.subnets);
  const { Subnets = [] } = await asking('looking for subnets', () =>
    ec2.send(
      new DescribeSubnetsCommand(
        given.length > 0
          ? { SubnetIds: given }
          : {
              Filters: [
                { Name: 'default-for-az', Values: ['true'] },
                { Name: 'availability-zone', Values: spec.zones },
              ],
            },
      ),
    ),
  );
  const byZone = new Map<string, string>();
  let vpcId: string | undefined;
  for (const { AvailabilityZone, SubnetId, VpcId } of Subnets) {
    if (AvailabilityZone === undefined || SubnetId === undefined) continue;
    byZone.set(AvailabilityZone, SubnetId);
    if (vpcId !== undefined && VpcId !== vpcId) {
      throw new KsweepError(
        'spec-invalid',
        'the subnets are of different VPCs, and a security group is of one',
      );
    }
    vpcId = VpcId;
  }
  const missing = spec.zones.filter((zone) => !byZone.has(zone));
  if (vpcId === undefined || missing.length > 0) {
    throw new KsweepError('aws-failed', `no subnet in ${missing.join(', ')}`, {
      hint: 'name one for each zone under subnets, or use zones in which the default VPC has one',
    });
  }
  return { vpcId, byZone };
}

/** Everything between the hosts, ssh from the operator, and Kafka's outer listener where the spec opens it. */
function ingressOf(spec: ClusterSpec, groupId: string): IpPermission[] {
  const fromOperator = (port: number, why: string): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp: spec.operatorCidr, Description: why }],
  });
  return [
    { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: groupId, Description: 'between the hosts' }] },
    fromOperator(22, 'ssh from the operator'),
    ...(spec.kafka.externalListener ? [fromOperator(9094, 'Kafka from the operator')] : []),
  ];
}

export async function findSecurityGroups(ec2: Ec2, clusterName: string): Promise<string[]> {
  const { SecurityGroups = [] } = await asking('looking for security groups', () =>
    ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [byTag(TAG.cluster, clusterName), byTag(TAG.managedBy, 'ksweep')],
      }),
    ),
  );
  return SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []);
}

/** Adopts the cluster's group or makes it: CreateSecurityGroup has no token, so it is looked up first. */
export async function ensureSecurityGroup(
  ec2: Ec2,
  identity: ClusterIdentity,
  vpcId: string,
): Promise<string> {
  const { spec } = identity;
  const [found] = await findSecurityGroups(ec2, spec.name);
  const groupId =
    found ??
    (
      await asking('making the security group', () =>
        ec2.send(
          new CreateSecurityGroupCommand({
            GroupName: `ksweep-${spec.name}`,
            Description: `ksweep cluster ${spec.name}`,
            VpcId: vpcId,
            TagSpecifications: [taggedAs('security-group', tagsOf(identity))],
          }),
        ),
      )
    ).GroupId;
  if (groupId === undefined) throw new KsweepError('aws-failed', 'the security group was made without an id');
  for (const permission of ingressOf(spec, groupId)) {
    try {
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [permission] }),
      );
    } catch (error) {
      if (awsCode(error) !== 'InvalidPermission.Duplicate') {
        await asking('opening the security group', () => Promise.reject(error));
      }
    }
  }
  return groupId;
}

export const placementGroupName = (clusterName: string): string => `ksweep-${clusterName}`;

export async function hasPlacementGroup(ec2: Ec2, clusterName: string): Promise<boolean> {
  const { PlacementGroups = [] } = await asking('looking for placement groups', () =>
    ec2.send(
      new DescribePlacementGroupsCommand({
        Filters: [{ Name: 'group-name', Values: [placementGroupName(clusterName)] }],
      }),
    ),
  );
  return PlacementGroups.some(({ State }) => State !== 'deleted' && State !== 'deleting');
}

export async function ensurePlacementGroup(ec2: Ec2, identity: ClusterIdentity): Promise<string> {
  const name = placementGroupName(identity.spec.name);
  if (await hasPlacementGroup(ec2, identity.spec.name)) return name;
  await asking('making the placement group', () =>
    ec2.send(
      new CreatePlacementGroupCommand({
        GroupName: name,
        Strategy: 'cluster',
        TagSpecifications: [taggedAs('placement-group', tagsOf(identity))],
      }),
    ),
  );
  return name;
}
