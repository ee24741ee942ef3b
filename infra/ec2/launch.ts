import { createHash } from 'node:crypto';
import {
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import { awsCode, awsError, isCapacityError } from './aws-errors.ts';
import { asking, type Ec2 } from './client.ts';
import { type Candidate, candidatesOf, hostsOf, type PlannedHost, zoneOf } from './hosts.ts';
import { describeInstances, isStillThere, PATIENCE, type Patience, waitForState } from './instances.ts';
import type { Journal } from './journal.ts';
import type { RoleName, RoleSpec } from './spec-schema.ts';
import { cancelSpotRequests } from './spot.ts';
import { byTag, type ClusterIdentity, isThere, TAG, taggedAs, tagOf, tagsOf } from './tags.ts';
import { userData } from './user-data.ts';

/** What launching a host needs beside its spec. */
export interface LaunchSite {
  readonly identity: ClusterIdentity;
  readonly imageOf: (
    instanceType: string,
  ) => Promise<{ readonly imageId: string; readonly rootDevice: string }>;
  readonly keyName: string;
  readonly securityGroupId: string;
  readonly subnetOf: (zone: string) => string;
  readonly placementGroup: (() => Promise<string>) | null;
}

/** Where the data volume is attached; Nitro instances show it under another name, found by its volume's id. */
export const DATA_DEVICE = '/dev/sdf';

/** A cluster that is off may be switched on again this long after its end; then its requests run out by themselves. */
const SPOT_GRACE_MS = 7 * 86_400_000;

/** 64 characters, always the same for one attempt at one host: AWS answers a repeated request with the first one's instance. */
export function clientToken(clusterId: string, host: string, candidate: number, attempt: number): string {
  return createHash('sha256')
    .update(JSON.stringify([clusterId, host, candidate, attempt]))
    .digest('hex');
}

const gp3 = (sizeGiB: number, iops = 3_000, throughputMiBps = 125) => ({
  VolumeType: 'gp3' as const,
  VolumeSize: sizeGiB,
  Iops: iops,
  Throughput: throughputMiBps,
  Encrypted: true,
  DeleteOnTermination: true,
});

/** The request for one host: all that AWS should know from the first moment. */
async function runRequest(
  site: LaunchSite,
  role: RoleSpec,
  host: PlannedHost,
  candidate: Candidate,
): Promise<RunInstancesCommandInput> {
  const { identity } = site;
  const { spec } = identity;
  const zone = zoneOf(spec, role, candidate, host.number);
  const { imageId, rootDevice } = await site.imageOf(candidate.instanceType);
  const tags = tagsOf(identity, { Name: host.name, [TAG.host]: host.name, [TAG.role]: host.role });
  const data = role.dataVolume;
  const spot = role.market === 'spot';
  return {
    ImageId: imageId,
    InstanceType: candidate.instanceType as RunInstancesCommandInput['InstanceType'],
    MinCount: 1,
    MaxCount: 1,
    KeyName: site.keyName,
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: site.subnetOf(zone),
        Groups: [site.securityGroupId],
        AssociatePublicIpAddress: true,
        DeleteOnTermination: true,
      },
    ],
    Placement: {
      AvailabilityZone: zone,
      ...(site.placementGroup !== null && role.placement === 'cluster'
        ? { GroupName: await site.placementGroup() }
        : {}),
    },
    BlockDeviceMappings: [
      { DeviceName: rootDevice, Ebs: gp3(role.rootVolumeGiB) },
      ...(data === undefined
        ? []
        : [{ DeviceName: DATA_DEVICE, Ebs: gp3(data.sizeGiB, data.iops, data.throughputMiBps) }]),
    ],
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1 },
    UserData: Buffer.from(userData(host.name, new Date(identity.expiresAt))).toString('base64'),
    // A spot request of its own kind decides there; on demand, a host that powers itself off is gone with its cost.
    ...(spot
      ? {
          InstanceMarketOptions: {
            MarketType: 'spot' as const,
            SpotOptions: {
              SpotInstanceType: 'persistent' as const,
              InstanceInterruptionBehavior: 'stop' as const,
              ValidUntil: new Date(Date.parse(identity.expiresAt) + SPOT_GRACE_MS),
            },
          },
        }
      : { InstanceInitiatedShutdownBehavior: 'terminate' as const }),
    ...(role.cpuCredits === undefined ? {} : { CreditSpecification: { CpuCredits: role.cpuCredits } }),
    TagSpecifications: [
      taggedAs('instance', tags),
      taggedAs('volume', tags),
      taggedAs('network-interface', tags),
      ...(spot ? [taggedAs('spot-instances-request', tags)] : []),
    ],
  };
}

export interface LaunchOptions {
  readonly ec2: Ec2;
  readonly journal: Journal;
  readonly site: LaunchSite;
  readonly onLine: (line: string) => void;
  readonly patience?: Patience;
}

/**
 * Launches what a role lacks: all of it with one candidate, or none of it. Where a zone has no capacity, what the
 * role got with that candidate is ended again and the next candidate is tried.
 */
export async function launchRole(
  options: LaunchOptions,
  name: RoleName,
  role: RoleSpec,
): Promise<{ readonly host: string; readonly instanceId: string }[]> {
  const { journal, site, onLine } = options;
  const { spec } = site.identity;
  const hosts = hostsOf(spec).filter((host) => host.role === name);
  const present = await adopt(options, hosts);
  const kept = keptTypeOf(journal, present);
  const candidates = candidatesOf(spec, role);
  const first = hosts.map(({ name: host }) => journal.launchOf(host)?.launching.candidate ?? 0);
  let refused: unknown;
  for (let index = Math.max(0, ...first); index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate === undefined || (kept !== undefined && candidate.instanceType !== kept)) continue;
    const launched: { host: string; instanceId: string }[] = [];
    try {
      for (const host of hosts) {
        const there = present.get(host.name);
        const instanceId = there ?? (await launchHost(options, role, host, candidate, index));
        launched.push({ host: host.name, instanceId });
      }
      return launched;
    } catch (error) {
      await giveUp(options, hosts, kept === undefined ? new Map() : present, name, index, error);
      if (kept === undefined) present.clear();
      if (!isCapacityError(error)) throw awsError(`launching ${name} hosts`, error);
      refused = error;
      const next = candidates[index + 1];
      const why = `${awsCode(error)} for ${candidate.instanceType} in ${zoneOf(spec, role, candidate, launched.length + 1)}`;
      onLine(
        next === undefined
          ? `${name}: ${why}; nothing is left to fall back to`
          : `${name}: ${why}; trying ${next.instanceType} from ${spec.zones[next.firstZone]} on`,
      );
    }
  }
  throw awsError(`launching ${name} hosts`, refused);
}

/** The type of a role that has been up: its hosts have data, so they stay, and a lost one is replaced by its like. */
function keptTypeOf(journal: Journal, present: ReadonlyMap<string, string>): string | undefined {
  if (journal.last('up') === undefined) return undefined;
  for (const host of present.keys()) {
    const launch = journal.launchOf(host);
    if (launch !== undefined) return launch.launching.instanceType;
  }
  return undefined;
}

/** Hosts that an earlier `up` made, whether it lived to note it or not. */
async function adopt(options: LaunchOptions, hosts: readonly PlannedHost[]): Promise<Map<string, string>> {
  const { ec2, journal, site } = options;
  const { spec, clusterId } = site.identity;
  const found = (
    await describeInstances(ec2, [byTag(TAG.clusterId, clusterId), byTag(TAG.cluster, spec.name)])
  ).filter(isThere);
  const present = new Map<string, string>();
  for (const { name } of hosts) {
    const noted = journal.launchOf(name)?.instanceId ?? null;
    const instanceId =
      found.find((instance) => tagOf(instance, TAG.host) === name)?.InstanceId ??
      (noted !== null && (await isStillThere(ec2, noted, options.patience ?? PATIENCE)) ? noted : undefined);
    if (instanceId === undefined) continue;
    present.set(name, instanceId);
    if (journal.launchOf(name)?.instanceId !== instanceId) {
      journal.append({ event: 'launched', host: name, instanceId });
      options.onLine(`${name}: adopted ${instanceId}`);
    }
  }
  return present;
}

async function launchHost(
  options: LaunchOptions,
  role: RoleSpec,
  host: PlannedHost,
  candidate: Candidate,
  index: number,
): Promise<string> {
  const { ec2, journal, site, onLine } = options;
  const { spec, clusterId } = site.identity;
  // A launch that was announced and not noted goes out again with its own token; one that ended needs a new one.
  const earlier = journal.launchOf(host.name);
  const again = earlier !== undefined && earlier.launching.candidate === index;
  const attempt = !again
    ? attemptsOf(journal, host.name)
    : earlier.launching.attempt + (earlier.instanceId === null ? 0 : 1);
  const token = clientToken(clusterId, host.name, index, attempt);
  const request = await runRequest(site, role, host, candidate);
  const zone = zoneOf(spec, role, candidate, host.number);
  journal.append({
    event: 'launching',
    host: host.name,
    role: host.role,
    token,
    instanceType: candidate.instanceType,
    zone,
    market: role.market,
    candidate: index,
    attempt,
  });
  const answer = await ec2.send(new RunInstancesCommand({ ...request, ClientToken: token }));
  const instanceId = answer.Instances?.[0]?.InstanceId;
  if (instanceId === undefined)
    throw new KsweepError('aws-failed', `${host.name} was launched without an id`);
  journal.append({ event: 'launched', host: host.name, instanceId });
  onLine(
    `${host.name}: ${instanceId}, ${candidate.instanceType} in ${zone}${role.market === 'spot' ? ', spot' : ''}`,
  );
  return instanceId;
}

const attemptsOf = (journal: Journal, host: string): number =>
  journal.lines.filter((line) => line.event === 'launching' && line.host === host).length;

/** Ends what a role got of a candidate, except what is to stay. */
async function giveUp(
  options: LaunchOptions,
  hosts: readonly PlannedHost[],
  staying: ReadonlyMap<string, string>,
  role: RoleName,
  candidate: number,
  error: unknown,
): Promise<void> {
  const { ec2, journal, onLine, patience } = options;
  const ids = hosts.flatMap(({ name }) => {
    const launch = journal.launchOf(name);
    const id = launch?.launching.candidate === candidate ? launch.instanceId : null;
    return id === null || id === undefined || staying.get(name) === id ? [] : [id];
  });
  if (ids.length > 0) {
    onLine(`${role}: ending ${ids.join(', ')} again, since the role is launched whole or not at all`);
    await cancelSpotRequests(ec2, [{ Name: 'instance-id', Values: ids }]);
    await asking('ending what was launched', () =>
      ec2.send(new TerminateInstancesCommand({ InstanceIds: ids })),
    );
    await waitForState(ec2, ids, 'terminated', patience);
  }
  journal.append({ event: 'given-up', role, candidate, reason: awsCode(error) || String(error) });
}

/** What the hosts of a role are now, by name. */
export function byHostName(instances: readonly Instance[]): Map<string, Instance> {
  return new Map(
    instances.flatMap((one) => {
      const name = tagOf(one, TAG.host);
      return name === undefined ? [] : [[name, one] as const];
    }),
  );
}
