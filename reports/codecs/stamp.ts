import type { CellSummary } from '../cell-summary.ts';
import { metricOf } from '../metrics.ts';

/** Bytes of one record, medians. */
interface StampedBytes {
  readonly wireBytes: number;
  /** All replicas; null where the brokers' disks can't be seen. */
  readonly diskBytes: number | null;
  /** The user's bytes ÷ bytes on the wire. */
  readonly ratio: number;
}

/** What the measuring stamp does to one configuration, as the same client sent the same records with and without it. */
export interface StampEffect {
  readonly label: string;
  readonly stamped: StampedBytes;
  readonly plain: StampedBytes;
  readonly addedWireBytes: number;
  /** Ratio with the stamp ÷ ratio without it: below 1 where the stamp hides a part of the compression. */
  readonly ratioChange: number;
}

function bytesOf(cell: CellSummary, recordBytes: number): StampedBytes | null {
  const wire = cell.of(metricOf('wirePerRecord'));
  if (wire === null || wire.median <= 0) return null;
  const disk = cell.of(metricOf('diskPerRecord'));
  return { wireBytes: wire.median, diskBytes: disk?.median ?? null, ratio: recordBytes / wire.median };
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
      },
    ];
  });
}
