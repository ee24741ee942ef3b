import type { Prices } from '../../infra/catalog/schema.ts';
import type { BrokerHardware } from './broker-hardware.ts';
import type { Note } from './report.ts';

/** Said once, where the cost cannot be told. */
export function priceWarnings(hardware: BrokerHardware, prices: Prices): Note[] {
  if (hardware.own) {
    if (prices.instancesPerHour[hardware.instance] !== undefined) return [];
    return [
      {
        code: 'own-hardware',
        text: 'own hardware is not priced as anything in a cloud: --prices FILE with instancesPerHour: { own: … } gives a machine its price',
      },
    ];
  }
  if (hardware.platform !== 'msk' || prices.msk !== undefined) return [];
  return [
    {
      code: 'no-msk-prices',
      text: 'Amazon MSK bills brokers, storage and replication differently from EC2, and its prices are not shipped: the total stays empty until --prices FILE gives them (msk: brokersPerHour, storagePerGBMonth)',
    },
  ];
}
