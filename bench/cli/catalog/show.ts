import Table from 'cli-table3';
import { type Catalog, findInstance, findPrices, loadCatalog } from '../../../infra/catalog/catalog.ts';

interface ShowOptions {
  readonly family?: string;
  readonly region?: string;
  readonly catalog?: string;
  readonly json?: boolean;
}

const open = (options: ShowOptions): Catalog =>
  loadCatalog(options.catalog === undefined ? {} : { userFile: options.catalog });

const orDash = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : String(value);

/** `ksweep catalog list` */
export function listCatalog(options: ShowOptions): void {
  const catalog = open(options);
  const prices = findPrices(catalog, options.region ?? 'us-east-1');
  const types = [...catalog.instances.values()].filter(
    (type) => options.family === undefined || type.type.startsWith(`${options.family}.`),
  );
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(types, null, 2)}\n`);
    return;
  }
  const table = new Table({
    head: [
      'type',
      'vCPU',
      'GiB',
      'network Gb/s (burst)',
      'EBS MB/s (burst)',
      'NVMe GB',
      `${prices.currency}/h`,
      'as of',
    ],
    style: { head: [], border: [] },
  });
  for (const type of types) {
    const { network, ebs } = type;
    table.push([
      type.type,
      type.cpuBaselineShare === null ? type.vcpus : `${type.vcpus} at ${type.cpuBaselineShare * 100} %`,
      type.memoryGiB,
      network.baselineGbps === null
        ? 'not documented'
        : `${network.baselineGbps} (${orDash(network.burstGbps)})`,
      ebs === null ? 'not documented' : `${ebs.baselineMBps} (${ebs.burstMBps})`,
      orDash(type.localNvmeGB),
      orDash(prices.instancesPerHour[type.type]),
      type.asOf,
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
  process.stdout.write(
    `prices: ${prices.name}, as of ${prices.asOf}. Only baselines are used for sizing.${catalog.refreshedFrom === null ? '' : ` Refreshed figures: ${catalog.refreshedFrom}.`}\n`,
  );
}

/** `ksweep catalog show TYPE` */
export function showInstance(type: string, options: ShowOptions): void {
  const catalog = open(options);
  const express = catalog.mskExpress.get(type);
  if (express !== undefined) {
    showExpress(type, express, options);
    return;
  }
  const instance = findInstance(catalog, type);
  const msk = catalog.mskLimits.get(type) ?? null;
  const nvme = catalog.localNvme.get(type) ?? null;
  const prices = [...catalog.prices.values()].map((region) => ({
    region: region.region,
    perHour: region.instancesPerHour[type] ?? null,
    currency: region.currency,
    asOf: region.asOf,
    source: region.source.instances,
  }));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ ...instance, msk, nvme, prices }, null, 2)}\n`);
    return;
  }
  const lines = [
    `${instance.type} (${instance.arch}), ${instance.source}, as of ${instance.asOf}`,
    `  vCPU             ${instance.vcpus}${instance.cpuBaselineShare === null ? '' : `, ${instance.cpuBaselineShare * 100} % of each for good, more on CPU credits`}`,
    `  memory           ${instance.memoryGiB} GiB`,
    `  network          ${instance.network.baselineGbps === null ? 'no documented baseline: never used for sizing' : `${instance.network.baselineGbps} Gb/s each way, burst ${orDash(instance.network.burstGbps)} Gb/s`}`,
    `  EBS              ${instance.ebs === null ? 'no documented baseline: never used for sizing' : `${instance.ebs.baselineMBps} MB/s and ${instance.ebs.baselineIops} IOPS, burst ${instance.ebs.burstMBps} MB/s and ${instance.ebs.burstIops} IOPS`}`,
    `  local NVMe       ${instance.localNvmeGB === null ? 'none' : `${instance.localNvmeGB} GB`}${nvme === null ? '' : `, writes ${Math.round(nvme.writeBytesPerSec / 1e6)} MB/s (${nvme.source})`}`,
    `  MSK partitions   ${msk === null ? 'not documented' : `${msk.recommended} recommended, ${msk.maximum} at most, replicas included (${msk.source})`}`,
    ...prices.map(
      (price) =>
        `  ${price.region.padEnd(16)} ${price.perHour === null ? 'price not known' : `${price.perHour} ${price.currency}/h (${price.source}, as of ${price.asOf})`}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** A broker of Amazon MSK Express, which is no instance type. */
function showExpress(
  type: string,
  express: NonNullable<ReturnType<Catalog['mskExpress']['get']>>,
  options: ShowOptions,
): void {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ type, ...express }, null, 2)}\n`);
    return;
  }
  const { ingressBytesPerSec, egressBytesPerSec, recommended, maximum, source } = express;
  const lines = [
    `${type}, ${source}`,
    `  sustained        ${ingressBytesPerSec / 1e6} MB/s in, ${egressBytesPerSec / 1e6} MB/s out, clients' bytes`,
    `  MSK partitions   ${recommended} recommended, ${maximum} at most, replicas included`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
