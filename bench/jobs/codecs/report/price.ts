import { type Catalog, findInstance } from '../../../../infra/catalog/catalog.ts';
import type { Prices } from '../../../../infra/catalog/schema.ts';
import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { pricesFor } from '../../../../reports/sizing/build.ts';
import {
  costLine,
  HOURS_PER_MONTH,
  SEC_PER_MONTH,
  total,
  trafficLines,
} from '../../../../reports/sizing/cost-lines.ts';
import { crossZoneTraffic, diskBytes } from '../../../../reports/sizing/formulas/traffic.ts';
import type { CostLine } from '../../../../reports/sizing/report.ts';
import { KsweepError } from '../../../common/errors.ts';
import type { RepeatResult } from '../../../results/result.ts';
import { median } from '../../../stats/describe.ts';
import type { CodecsRequest } from '../request.ts';

/** What a month is reckoned with. */
export interface PriceTerms {
  /** Bytes of the user's records a second, before compression and without any stamp. */
  readonly volumeBytesPerSec: number;
  /** Mean bytes of one such record. */
  readonly recordBytes: number;
  readonly retentionSec: number;
  readonly replicas: number;
  readonly groups: number;
  readonly zones: number;
  readonly prices: Prices;
  /** Clients run on shares of this instance. */
  readonly instance: string;
  readonly perVcpuHour: number;
  /** Replicas of the topic that was measured: what lies on disk is all of them. */
  readonly measuredReplicas: number;
}

/** What one record costs, measured. */
export interface RecordUse {
  readonly wireBytes: number;
  /** One replica's bytes in the log; null where the brokers' disks cannot be seen: what was sent stands for it. */
  readonly diskBytes: number | null;
  readonly producerCpuUs: number | null;
  readonly consumerCpuUs: number | null;
}

export interface MonthlyPrice {
  readonly lines: readonly CostLine[];
  readonly perMonth: number | null;
  /** What producers send in a month, GB; within a zone it costs nothing. */
  readonly networkGB: number;
}

/** Throws sizing-input for a region or instance without a price. */
export function priceTerms(
  request: CodecsRequest,
  catalog: Catalog,
  measured: {
    readonly volumeBytesPerSec: number;
    readonly recordBytes: number;
    readonly replicas: number;
  },
): PriceTerms {
  const { volumeBytesPerSec, region, pricesFile, instance, ...terms } = request.price;
  const prices = pricesFor(catalog, region, pricesFile ?? undefined);
  const { vcpus } = findInstance(catalog, instance);
  const hourly = prices.instancesPerHour[instance];
  if (hourly === undefined) {
    throw new KsweepError('sizing-input', `--instance ${instance}: there is no price of it in ${region}`, {
      hint: 'give one with --prices, or name another instance',
    });
  }
  return {
    ...terms,
    instance,
    prices,
    volumeBytesPerSec: volumeBytesPerSec ?? measured.volumeBytesPerSec,
    recordBytes: measured.recordBytes,
    perVcpuHour: hourly / vcpus,
    measuredReplicas: measured.replicas,
  };
}

const GB = 1e9;
const GIB = 2 ** 30;

/**
 * A month of the traffic between zones, of gp3 storage and of the clients' CPU time; brokers are not in it, since
 * their number is a step (see `ksweep size`). Formulas: reports/sizing/formulas/traffic.ts.
 */
export function priceOf(use: RecordUse, terms: PriceTerms): MonthlyPrice {
  const { prices, groups, replicas } = terms;
  const recordsPerSec = terms.volumeBytesPerSec / terms.recordBytes;
  const wirePerSec = recordsPerSec * use.wireBytes;
  const storedPerSec = recordsPerSec * (use.diskBytes ?? use.wireBytes);
  const traffic = trafficLines(crossZoneTraffic(wirePerSec, groups, replicas, terms.zones), prices);
  const cores = (recordsPerSec * ((use.producerCpuUs ?? 0) + groups * (use.consumerCpuUs ?? 0))) / 1e6;
  const lines = [
    ...traffic.fixed,
    traffic.leader,
    costLine(
      'storage (gp3)',
      diskBytes(storedPerSec, terms.retentionSec, replicas) / GIB,
      'GiB',
      prices.gp3.perGBMonth,
      `${prices.source.volumes} (as of ${prices.asOf})`,
    ),
    costLine(
      'CPU of producers and consumers',
      cores * HOURS_PER_MONTH,
      'vCPU h',
      terms.perVcpuHour,
      `a vCPU of ${terms.instance}: ${prices.source.instances} (as of ${prices.asOf})`,
    ),
  ];
  return { lines, perMonth: total(lines), networkGB: (wirePerSec * SEC_PER_MONTH) / GB };
}

/** What one record of a repeat used; null where the client did not tell its bytes. */
export function recordUse(result: RepeatResult, measuredReplicas: number): RecordUse | null {
  const { bytes, counts, cpu } = result;
  if (bytes.wirePerRecord === null || counts.acknowledged === 0) return null;
  const megabytesPerRecord = bytes.payload / counts.acknowledged / 1e6;
  const perRecord = (usPerMB: number | null): number | null =>
    usPerMB === null ? null : usPerMB * megabytesPerRecord;
  return {
    wireBytes: bytes.wirePerRecord,
    diskBytes: bytes.diskPerRecord === null ? null : bytes.diskPerRecord / measuredReplicas,
    producerCpuUs: perRecord(cpu.producerUsPerMB),
    consumerCpuUs: perRecord(cpu.consumerUsPerMB),
  };
}

/** CPU of one record that is ksweep's and the client's own, whatever the codec, µs. */
export interface CpuBase {
  readonly producerUs: number;
  readonly consumerUs: number;
}

/** A record's use with the base taken off, so that what is left is the codec's. */
export function beyond(use: RecordUse, base: CpuBase): RecordUse {
  return {
    ...use,
    producerCpuUs: use.producerCpuUs === null ? null : use.producerCpuUs - base.producerUs,
    consumerCpuUs: use.consumerCpuUs === null ? null : use.consumerCpuUs - base.consumerUs,
  };
}

/** The month's cost as one repeat measured it, or null. */
export function monthlyCost(result: RepeatResult, terms: PriceTerms, base: CpuBase): number | null {
  const use = result.outcome === 'failed' ? null : recordUse(result, terms.measuredReplicas);
  return use === null ? null : priceOf(beyond(use, base), terms).perMonth;
}

/**
 * CPU without compression, the median of the first such cell; zero where there is none. One base for all cells, so
 * that it changes no difference between them.
 */
export function cpuBaseOf(
  cells: readonly CellSummary[],
  terms: PriceTerms,
): CpuBase & { readonly label: string | null } {
  const cell = cells.find(({ label, state }) => /^none(,|$)/.test(label) && state === 'valid');
  const uses = (cell?.valid ?? []).flatMap((result) => recordUse(result, terms.measuredReplicas) ?? []);
  if (cell === undefined || uses.length === 0) return { label: null, producerUs: 0, consumerUs: 0 };
  return {
    label: cell.label,
    producerUs: median(uses.map(({ producerCpuUs }) => producerCpuUs ?? 0)),
    consumerUs: median(uses.map(({ consumerCpuUs }) => consumerCpuUs ?? 0)),
  };
}
