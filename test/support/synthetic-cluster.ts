import type { CellSettings } from '../../bench/results/planned.ts';

/** How a simulated cluster answers one cell, before noise. Figures are of the size that real clusters show. */
export interface Behaviour {
  readonly offeredPerSec: number | null;
  readonly capacityPerSec: number;
  readonly serviceUs: number;
  /** Median due→ack, µs, with queueing. */
  readonly dueToAckUs: number;
  readonly compressionRatio: number;
  readonly producerUsPerMB: number;
}

const CODECS: Readonly<Record<string, { ratio: number; usPerMB: number; capacity: number }>> = {
  none: { ratio: 1, usPerMB: 900, capacity: 42_000 },
  gzip: { ratio: 4.4, usPerMB: 21_000, capacity: 24_000 },
  snappy: { ratio: 2.5, usPerMB: 2_900, capacity: 50_000 },
  lz4: { ratio: 2.7, usPerMB: 2_300, capacity: 54_000 },
  zstd: { ratio: 4.7, usPerMB: 5_200, capacity: 47_000 },
};
const DEFAULT_CODEC = { ratio: 1, usPerMB: 900, capacity: 42_000 };

/** A rate of 'max' is closed loop; a search finds the capacity, and is measured just below it. */
export function behaviourOf(settings: CellSettings, search: boolean): Behaviour {
  const codec = CODECS[String(settings['compression.type'] ?? 'none')] ?? DEFAULT_CODEC;
  const lingerMs = Number(settings['linger.ms'] ?? 5);
  const batchBytes = Number(settings['batch.size'] ?? 131_072);
  const partitions = Number(settings['partitions'] ?? 6);
  const capacityPerSec =
    (codec.capacity * (batchBytes / 131_072) ** 0.12 * (1 + 0.1 * Math.log2(partitions / 6))) /
    (1 + 0.15 * Math.exp(-lingerMs / 2));
  const rate = settings['rate'] ?? 10_000;
  const offeredPerSec = search ? 0.95 * capacityPerSec : rate === 'max' ? null : Number(rate);
  const load = Math.min(0.97, (offeredPerSec ?? capacityPerSec) / capacityPerSec);
  const serviceUs = 700 + 90 * (codec.usPerMB / 5_000) + 0.0015 * batchBytes;
  return {
    offeredPerSec,
    capacityPerSec,
    serviceUs,
    dueToAckUs: serviceUs / (1 - load) + 550 * lingerMs,
    compressionRatio: 1 + (codec.ratio - 1) * (1 - 0.25 * Math.exp(-lingerMs / 8)),
    producerUsPerMB: codec.usPerMB,
  };
}
