import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { metricOf } from '../../../results/metrics.ts';
import { STAMP_BYTES, STAMP_HEADER } from '../../../results/stamp.ts';

/** Bytes of one record, medians. */
interface StampedBytes {
  readonly wireBytes: number;
  /** All replicas; null where the brokers' disks cannot be seen. */
  readonly diskBytes: number | null;
  /** The user's bytes ÷ bytes on the wire. */
  readonly ratio: number;
  /** What the client gathered; null in runs of versions that did not count requests. */
  readonly recordsPerRequest: number | null;
}

/**
 * Batches that are larger than the stamp explains by more than this compress better by themselves. Whole records, and
 * the client's reckoning of a header at its largest, account for a few percent.
 */
const ALIKE_WITHIN = 1.1;

/** What the measuring stamp does to one configuration, as the same client sent the same records with and without it. */
export interface StampEffect {
  readonly label: string;
  readonly stamped: StampedBytes;
  readonly plain: StampedBytes;
  readonly addedWireBytes: number;
  /** Ratio with the stamp ÷ ratio without it: below 1 where the stamp hides a part of the compression. */
  readonly ratioChange: number;
  /** False where one side happened to gather larger batches: the difference is then not the stamp's alone. */
  readonly batchesAlike: boolean | null;
}

function bytesOf(cell: CellSummary, recordBytes: number): StampedBytes | null {
  const wire = cell.of(metricOf('wirePerRecord'));
  if (wire === null || wire.median <= 0) return null;
  return {
    wireBytes: wire.median,
    diskBytes: cell.of(metricOf('diskPerRecord'))?.median ?? null,
    ratio: recordBytes / wire.median,
    recordsPerRequest: cell.of(metricOf('recordsPerRequest'))?.median ?? null,
  };
}

/**
 * Whether the batches differ by no more than the stamp itself makes them: where linger.ms ends them, both sides gather
 * the same records; where batch.size does, the same bytes.
 */
function alike(stamped: StampedBytes, plain: StampedBytes, recordBytes: number): boolean | null {
  if (stamped.recordsPerRequest === null || plain.recordsPerRequest === null) return null;
  const more = plain.recordsPerRequest / stamped.recordsPerRequest;
  const bySize = (recordBytes + STAMP_BYTES + STAMP_HEADER.length) / recordBytes;
  return more >= 1 / ALIKE_WITHIN && more <= bySize * ALIKE_WITHIN;
}

/** Pairs the cells that differ in the stamp alone; a configuration without valid repeats on both sides is left out. */
export function stampEffects(
  cells: readonly CellSummary[],
  labelOf: (cell: CellSummary) => string,
  recordBytes: number,
): StampEffect[] {
  const withStamp = cells.filter((cell) => cell.settings['stamp'] === 'header');
  return withStamp.flatMap((cell): StampEffect[] => {
    const label = labelOf(cell);
    const twin = cells.find((other) => other.settings['stamp'] === 'none' && labelOf(other) === label);
    const stamped = bytesOf(cell, recordBytes);
    const plain = twin === undefined ? null : bytesOf(twin, recordBytes);
    if (stamped === null || plain === null) return [];
    return [
      {
        label,
        stamped,
        plain,
        addedWireBytes: stamped.wireBytes - plain.wireBytes,
        ratioChange: stamped.ratio / plain.ratio,
        batchesAlike: alike(stamped, plain, recordBytes),
      },
    ];
  });
}
