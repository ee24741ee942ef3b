import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  type DescribeInstanceTypeOfferingsCommandOutput,
  type InstanceTypeOffering,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { ListServiceQuotasCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { KsweepError } from '../../bench/common/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { awsCode, awsError } from './aws-errors.ts';
import { allPages, asking, type Ec2 } from './client.ts';
import { newestImage } from './image.ts';
import { describeInstances } from './instances.ts';
import { findSubnets } from './network.ts';
import { rolesOf } from './spec.ts';
import type { ClusterSpec } from './spec-schema.ts';
import { isThere, TAG, tagOf } from './tags.ts';

export interface Check {
  readonly what: string;
  /** unknown: AWS does not let these credentials look. */
  readonly state: 'ok' | 'failed' | 'unknown';
  readonly detail: string;
}

/** Quotas are in vCPUs: of standard families on demand, and of all of those as spot. */
const QUOTA = { 'on-demand': 'L-1216C47A', spot: 'L-34B43A08' } as const;

/**
 * Everything that can be known before something is created. Throws aws-failed where not even the first question is
 * answered (credentials, region, network); what fails after that is a failed check.
 */
export async function preflight(
  ec2: Ec2,
  quotas: Pick<ServiceQuotasClient, 'send'>,
  spec: ClusterSpec,
  catalog: Catalog,
): Promise<Check[]> {
  const checks: Check[] = [await zonesCheck(ec2, spec), await offeringsCheck(ec2, spec)];
  checks.push(await guarded('subnets', async () => `${(await findSubnets(ec2, spec)).vpcId}`));
  checks.push(await permissionCheck(ec2, spec, catalog));
  checks.push(...(await quotaChecks(ec2, quotas, spec, catalog)));
  return checks;
}

async function guarded(what: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { what, state: 'ok', detail: await look() };
  } catch (error) {
    const { message, hint } = awsError(what, error);
    return { what, state: 'failed', detail: hint === undefined ? message : `${message} (${hint})` };
  }
}

async function zonesCheck(ec2: Ec2, spec: ClusterSpec): Promise<Check> {
  const { AvailabilityZones = [] } = await asking(`asking EC2 in ${spec.region}`, () =>
    ec2.send(new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: true })),
  );
  const available = AvailabilityZones.filter(({ State }) => State === 'available').flatMap(
    ({ ZoneName }) => ZoneName ?? [],
  );
  const missing = spec.zones.filter((zone) => !available.includes(zone));
  return missing.length === 0
    ? { what: 'credentials, region, zones', state: 'ok', detail: spec.zones.join(', ') }
    : {
        what: 'zones',
        state: 'failed',
        detail: `${missing.join(', ')} is not available to this account; there are ${available.join(', ')}`,
      };
}

function offeringsCheck(ec2: Ec2, spec: ClusterSpec): Promise<Check> {
  const types = [...new Set(rolesOf(spec).flatMap(({ role }) => [role.instanceType, ...role.fallbackTypes]))];
  return guarded('instance types in each zone', async () => {
    const offers = await allPages<DescribeInstanceTypeOfferingsCommandOutput, InstanceTypeOffering>(
      (NextToken) =>
        ec2.send(
          new DescribeInstanceTypeOfferingsCommand({
            LocationType: 'availability-zone',
            Filters: [
              { Name: 'instance-type', Values: types },
              { Name: 'location', Values: spec.zones },
            ],
            NextToken,
          }),
        ),
      (page) => page.InstanceTypeOfferings,
    );
    const missing = types.flatMap((type) =>
      spec.zones
        .filter(
          (zone) => !offers.some(({ InstanceType, Location }) => InstanceType === type && Location === zone),
        )
        .map((zone) => `${type} in ${zone}`),
    );
    if (missing.length > 0) throw new KsweepError('aws-failed', `not offered: ${missing.join(', ')}`);
    return types.join(', ');
  });
}

/** DryRun says whether it would be allowed: success is an error named DryRunOperation. */
function permissionCheck(ec2: Ec2, spec: ClusterSpec, catalog: Catalog): Promise<Check> {
  return guarded('permission to launch', async () => {
    const [first] = rolesOf(spec);
    if (first === undefined) throw new Error('a spec has a role');
    const type = first.role.instanceType;
    const arch = catalog.instances.get(type)?.arch ?? 'x86_64';
    const imageId = spec.image.id ?? (await newestImage(ec2, spec, arch));
    try {
      await ec2.send(
        new RunInstancesCommand({
          DryRun: true,
          ImageId: imageId,
          InstanceType: type as never,
          MinCount: 1,
          MaxCount: 1,
        }),
      );
    } catch (error) {
      if (awsCode(error) === 'DryRunOperation') return `image ${imageId}`;
      throw error;
    }
    throw new KsweepError('aws-failed', 'a dry run was taken for a real one: nothing else is tried');
  });
}

async function quotaChecks(
  ec2: Ec2,
  quotas: Pick<ServiceQuotasClient, 'send'>,
  spec: ClusterSpec,
  catalog: Catalog,
): Promise<Check[]> {
  const markets = [...new Set(rolesOf(spec).map(({ role }) => role.market))];
  const vcpus = (type: string): number => catalog.instances.get(type)?.vcpus ?? 0;
  let limits: ReadonlyMap<string, number>;
  try {
    limits = await readQuotas(quotas);
  } catch (error) {
    const detail = `not visible (${awsCode(error) || 'no answer'}): Service Quotas has them`;
    return [{ what: 'vCPU quota', state: 'unknown', detail }];
  }
  const running = (
    await describeInstances(ec2, [{ Name: 'instance-state-name', Values: ['pending', 'running'] }])
  )
    .filter(isThere)
    // What this cluster has already is part of what is wanted.
    .filter((one) => tagOf(one, TAG.cluster) !== spec.name);
  return markets.map((market): Check => {
    const what = `vCPU quota, ${market}`;
    const limit = limits.get(QUOTA[market]);
    if (limit === undefined) return { what, state: 'unknown', detail: 'Service Quotas does not list it' };
    const wanted = rolesOf(spec)
      .filter(({ role }) => role.market === market)
      .reduce(
        (sum, { role }) =>
          sum + role.count * Math.max(...[role.instanceType, ...role.fallbackTypes].map(vcpus)),
        0,
      );
    const used = running
      .filter(({ InstanceLifecycle }) => (InstanceLifecycle === 'spot') === (market === 'spot'))
      .reduce(
        (sum, { CpuOptions }) => sum + (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1),
        0,
      );
    const detail = `${wanted} wanted, ${used} in use, ${limit} allowed`;
    return { what, state: used + wanted <= limit ? 'ok' : 'failed', detail };
  });
}

async function readQuotas(client: Pick<ServiceQuotasClient, 'send'>): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let token: string | undefined;
  do {
    const page = await client.send(new ListServiceQuotasCommand({ ServiceCode: 'ec2', NextToken: token }));
    for (const { QuotaCode, Value } of page.Quotas ?? []) {
      if (QuotaCode !== undefined && Value !== undefined) found.set(QuotaCode, Value);
    }
    token = page.NextToken;
  } while (token !== undefined && token !== '');
  return found;
}
