import type { Prices } from '../../infra/catalog/schema.ts';
import type { BrokerHardware } from './broker-hardware.ts';
import { costLine, HOURS_PER_MONTH } from './cost-lines.ts';
import type { CostLine } from './report.ts';
import { type DiskNeed, volumeBytes, volumeBytesPerSec } from './volume-lines.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** What a Standard broker's storage does without provisioned throughput. Source: Amazon MSK Developer Guide. */
const INCLUDED_MIBPS = 250;

export const NO_MSK_PRICE = 'Amazon MSK bills differently from EC2: give its prices with --prices';

/**
 * Standard brokers and their storage as Amazon MSK bills them. Replication between brokers and the controllers are in
 * the price of the brokers. Source: Amazon MSK pricing page.
 */
export function mskLines(
  need: DiskNeed,
  hardware: Pick<BrokerHardware, 'instance' | 'volume' | 'express'>,
  prices: Prices,
): CostLine[] {
  const { msk } = prices;
  const line = (item: string, quantity: number, unit: string, price: number | undefined) =>
    costLine(item, quantity, unit, price ?? null, price === undefined ? NO_MSK_PRICE : (msk?.source ?? ''));
  const brokers = line(
    `${need.brokers} × MSK ${hardware.instance}`,
    need.brokers * HOURS_PER_MONTH,
    'h',
    msk?.brokersPerHour[hardware.instance],
  );
  if (hardware.express !== null) return [brokers];
  const { volume } = hardware;
  const sizeGiB = Math.max(1, Math.ceil((volumeBytes(need, volume) * volume.count) / GIB));
  const mibps = Math.ceil((volumeBytesPerSec(need, volume) * volume.count) / MIB);
  const lines = [brokers, line('MSK storage', sizeGiB * need.brokers, 'GiB', msk?.storagePerGBMonth)];
  if (mibps > INCLUDED_MIBPS) {
    lines.push(
      line('MSK provisioned throughput', mibps * need.brokers, 'MiB/s', msk?.throughputPerMBpsMonth),
    );
  }
  return lines;
}
