import {
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
  type DescribeTagsCommandOutput,
  DescribeVolumesCommand,
  type TagDescription,
} from '@aws-sdk/client-ec2';
import { allPages, asking, type Ec2 } from './client.ts';
import { describeInstances } from './instances.ts';
import { openSpotRequests } from './spot.ts';
import { byTag, isThere, TAG } from './tags.ts';

/** What is left of a cluster that nobody is to pay for any longer. */
export interface Orphan {
  /** null where not even the tag that names the cluster is there: it cannot be taken down by name. */
  readonly cluster: string | null;
  /** no-end: no tag tells when its time is over. */
  readonly reason: 'expired' | 'no-end';
  readonly expiresAt: string | null;
  /** Ids with their kinds: "instance i-…". */
  readonly resources: readonly string[];
}

const KINDS = new Set([
  'instance',
  'security-group',
  'key-pair',
  'placement-group',
  'volume',
  'spot-instances-request',
]);

/** Ids that Describe shows: tags outlive what they were on, those of an instance by about an hour. */
async function stillThere(ec2: Ec2): Promise<Set<string>> {
  const Filters = [byTag(TAG.managedBy, 'ksweep')];
  const { volumes, groups, keys } = await asking(
    'looking for volumes, security groups and keys',
    async () => ({
      volumes: (await ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes ?? [],
      groups: (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [],
      keys: (await ec2.send(new DescribeKeyPairsCommand({ Filters }))).KeyPairs ?? [],
    }),
  );
  return new Set([
    ...(await describeInstances(ec2, Filters)).filter(isThere).flatMap(({ InstanceId }) => InstanceId ?? []),
    ...(await openSpotRequests(ec2, Filters)),
    ...volumes.flatMap(({ VolumeId }) => VolumeId ?? []),
    ...groups.flatMap(({ GroupId }) => GroupId ?? []),
    ...keys.flatMap(({ KeyPairId }) => KeyPairId ?? []),
  ]);
}

/** Every resource of ksweep's whose time is over, of any run and from any machine, by cluster. */
export async function findOrphans(ec2: Ec2, now: Date): Promise<Orphan[]> {
  const described = await asking('reading tags', () =>
    allPages<DescribeTagsCommandOutput, TagDescription>(
      (NextToken) =>
        ec2.send(
          new DescribeTagsCommand({
            Filters: [{ Name: 'key', Values: [TAG.managedBy, TAG.cluster, TAG.expiresAt] }],
            NextToken,
          }),
        ),
      (page) => page.Tags,
    ),
  );
  const resources = new Map<string, { kind: string; tags: Record<string, string> }>();
  for (const { ResourceId, ResourceType, Key, Value } of described) {
    if (ResourceId === undefined || Key === undefined || !KINDS.has(ResourceType ?? '')) continue;
    const resource = resources.get(ResourceId) ?? { kind: ResourceType ?? '', tags: {} };
    resource.tags[Key] = Value ?? '';
    resources.set(ResourceId, resource);
  }
  const alive = await stillThere(ec2);
  const clusters = new Map<string, { ends: (string | undefined)[]; resources: string[] }>();
  for (const [id, { kind, tags }] of resources) {
    if (tags[TAG.managedBy] !== 'ksweep') continue;
    if (kind !== 'placement-group' && !alive.has(id)) continue;
    const name = tags[TAG.cluster] ?? '';
    const cluster = clusters.get(name) ?? { ends: [], resources: [] };
    cluster.ends.push(tags[TAG.expiresAt]);
    cluster.resources.push(`${kind} ${id}`);
    clusters.set(name, cluster);
  }
  return [...clusters].flatMap(([name, cluster]): Orphan[] => {
    // `start` gives the instances a later end than what was made with `up`: the last one counts.
    const ends = cluster.ends.flatMap((end) =>
      end === undefined || Number.isNaN(Date.parse(end)) ? [] : [end],
    );
    const expiresAt = ends.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
    if (expiresAt !== null && Date.parse(expiresAt) > now.getTime()) return [];
    return [
      {
        cluster: name === '' ? null : name,
        reason: expiresAt === null ? 'no-end' : 'expired',
        expiresAt,
        resources: cluster.resources,
      },
    ];
  });
}
