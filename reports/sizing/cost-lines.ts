import type { Prices } from '../../infra/catalog/schema.ts';
import type { CrossZoneTraffic } from './formulas/traffic.ts';
import type { CostLine } from './report.ts';

/** Hours that AWS bills for a month, and months a year. */
export const HOURS_PER_MONTH = 730;
export const SEC_PER_MONTH = HOURS_PER_MONTH * 3600;
export const MONTHS = 12;
const GB = 1e9;

/** A quantity of a month at its price; null where the price is not known. */
export function costLine(
  item: string,
  quantity: number,
  unit: string,
  unitPrice: number | null,
  source: string,
): CostLine {
  const perMonth = unitPrice === null ? null : quantity * unitPrice;
  return {
    item,
    quantity,
    unit,
    unitPrice,
    perMonth,
    perYear: perMonth === null ? null : perMonth * MONTHS,
    source,
  };
}

/** A month of all lines; null where one has no price. */
export function total(lines: readonly CostLine[]): number | null {
  let sum = 0;
  for (const { perMonth } of lines) {
    if (perMonth === null) return null;
    sum += perMonth;
  }
  return sum;
}

/** Traffic between zones in one month; consuming from followers takes the last line's place. */
export function trafficLines(
  traffic: CrossZoneTraffic,
  prices: Prices,
): { fixed: [produce: CostLine, replication: CostLine]; leader: CostLine; follower: CostLine } {
  const source = `${prices.source.crossZone} (as of ${prices.asOf})`;
  const perGB = prices.crossZonePerGB.perDirection * prices.crossZonePerGB.directions;
  const month = (item: string, perSec: number) =>
    costLine(item, (perSec * SEC_PER_MONTH) / GB, 'GB', perGB, source);
  return {
    fixed: [
      month('cross-zone: producers', traffic.producePerSec),
      month('cross-zone: replication', traffic.replicationPerSec),
    ],
    leader: month('cross-zone: consumers', traffic.consumePerSec),
    follower: month('cross-zone: consumers, follower fetching', traffic.consumeWithFollowerFetchingPerSec),
  };
}

/** Segments in object storage, at their full retention; no line where nothing is archived. */
export function archiveLines(bytes: number, perGBMonth: number | null, source: string): CostLine[] {
  return bytes === 0 ? [] : [costLine('archive', bytes / GB, 'GB', perGBMonth, source)];
}
