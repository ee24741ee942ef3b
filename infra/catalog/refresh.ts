import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  DescribeInstanceTypesCommand,
  type DescribeInstanceTypesCommandOutput,
  type EC2Client,
  type InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import { KsweepError } from '../../bench/common/errors.ts';
import type { Catalog } from './catalog.ts';
import { type InstancesFile, type InstanceType, instancesFileSchema } from './schema.ts';

/** What `ksweep catalog refresh` is asked for. */
interface RefreshRequest {
  readonly region: string;
  /** Patterns such as "m6i.*"; every family of the shipped catalogue by default. */
  readonly types: readonly string[];
  /** YYYY-MM-DD of the day of reading. */
  readonly today: string;
}

interface RefreshOutcome {
  readonly file: InstancesFile;
  /** Types without a network baseline, so that sizing will not judge their network. */
  readonly withoutNetworkBaseline: readonly string[];
}

/**
 * AWS gives network baselines as a field of each card; on types that burst, the peak is the burst. Gb/s of all cards.
 */
function networkOf(info: InstanceTypeInfo): InstanceType['network'] {
  const cards = info.NetworkInfo?.NetworkCards ?? [];
  const sum = (of: (card: (typeof cards)[number]) => number | undefined): number | null => {
    let total = 0;
    for (const card of cards) {
      const value = of(card);
      if (value === undefined) return null;
      total += value;
    }
    return total > 0 ? total : null;
  };
  return {
    baselineGbps: sum((card) => card.BaselineBandwidthInGbps),
    burstGbps: sum((card) => card.PeakBandwidthInGbps),
  };
}

/** EBS figures; null where the type has no dedicated bandwidth (t2), or AWS leaves any of them out. */
function ebsOf(info: InstanceTypeInfo): InstanceType['ebs'] {
  const ebs = info.EbsInfo?.EbsOptimizedInfo;
  const { BaselineThroughputInMBps, MaximumThroughputInMBps, BaselineIops, MaximumIops } = ebs ?? {};
  if (
    BaselineThroughputInMBps === undefined ||
    MaximumThroughputInMBps === undefined ||
    BaselineIops === undefined ||
    MaximumIops === undefined
  ) {
    return null;
  }
  return {
    baselineMBps: BaselineThroughputInMBps,
    burstMBps: MaximumThroughputInMBps,
    baselineIops: BaselineIops,
    burstIops: MaximumIops,
  };
}

/**
 * One type of the API as a row of the catalogue, or undefined where it lacks what every row needs. The CPU baseline of
 * burstable types is no field of the API: it comes from the catalogue that there is.
 */
function instanceOf(info: InstanceTypeInfo, known: Catalog): InstanceType | undefined {
  const { InstanceType: type, VCpuInfo, MemoryInfo, ProcessorInfo } = info;
  const vcpus = VCpuInfo?.DefaultVCpus;
  const memoryMiB = MemoryInfo?.SizeInMiB;
  if (type === undefined || vcpus === undefined || memoryMiB === undefined) return undefined;
  const cpuBaselineShare = known.instances.get(type)?.cpuBaselineShare ?? null;
  // A burstable type whose baseline is not known would be sized as if it could run at full speed for ever.
  if (info.BurstablePerformanceSupported === true && cpuBaselineShare === null) return undefined;
  return {
    type,
    arch: ProcessorInfo?.SupportedArchitectures?.includes('arm64') === true ? 'arm64' : 'x86_64',
    vcpus,
    memoryGiB: memoryMiB / 1024,
    network: networkOf(info),
    ebs: ebsOf(info),
    localNvmeGB: info.InstanceStorageInfo?.TotalSizeInGB ?? null,
    cpuBaselineShare,
  };
}

async function describeAll(client: EC2Client, types: readonly string[]): Promise<InstanceTypeInfo[]> {
  const found: InstanceTypeInfo[] = [];
  let NextToken: string | undefined;
  do {
    const page: DescribeInstanceTypesCommandOutput = await client.send(
      new DescribeInstanceTypesCommand({
        Filters: [{ Name: 'instance-type', Values: [...types] }],
        MaxResults: 100,
        NextToken,
      }),
    );
    found.push(...(page.InstanceTypes ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return found;
}

/** Every family that the catalogue holds, as patterns of the API. */
export function familiesOf(catalog: Catalog): string[] {
  return [...new Set([...catalog.instances.keys()].map((type) => `${type.split('.')[0]}.*`))];
}

/**
 * Reads the instance types of a region through DescribeInstanceTypes, page by page.
 * Throws KsweepError('aws-failed') where AWS refuses, 'sizing-input' where no type matches.
 */
export async function readInstanceTypes(
  client: EC2Client,
  request: RefreshRequest,
  known: Catalog,
): Promise<RefreshOutcome> {
  let described: InstanceTypeInfo[];
  try {
    described = await describeAll(client, request.types);
  } catch (error) {
    const { name, message } = error as Error;
    throw new KsweepError('aws-failed', `DescribeInstanceTypes in ${request.region}: ${name}: ${message}`, {
      hint: 'it needs credentials with ec2:DescribeInstanceTypes (environment, profile or instance role)',
      cause: error,
    });
  }
  const types = described
    .map((info) => instanceOf(info, known))
    .filter((type) => type !== undefined)
    .sort((a, b) => a.type.localeCompare(b.type, 'en', { numeric: true }));
  if (types.length === 0) {
    throw new KsweepError(
      'sizing-input',
      `types: none of ${request.types.join(', ')} is offered in ${request.region}`,
      {
        hint: 'patterns are written as AWS does: m6i.*, i4i.large',
      },
    );
  }
  // Where the account's API leaves a network baseline out, the documented one is better than none.
  const merged = types.map((type) => {
    const documented = known.instances.get(type.type);
    return type.network.baselineGbps === null && documented !== undefined
      ? { ...type, network: documented.network }
      : type;
  });
  return {
    file: {
      schemaVersion: 1,
      asOf: request.today,
      source: `DescribeInstanceTypes, ${request.region}`,
      notes: [],
      types: merged,
    },
    withoutNetworkBaseline: merged
      .filter((type) => type.network.baselineGbps === null)
      .map((type) => type.type),
  };
}

/** Writes the file at once, so that no reader ever sees half of it. */
export function writeInstances(path: string, file: InstancesFile): void {
  const content = `${JSON.stringify(instancesFileSchema.parse(file), null, 2)}\n`;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    throw new KsweepError('sizing-input', `output: ${path} cannot be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
