import { RunFolder } from '../../bench/results/folder.ts';
import { manifestOf, repeatOf } from './run-of.ts';

/** A run folder of a sweep over partitions that carried exactly this, five times each. Returns its path. */
export async function writeCurveFolder(
  root: string,
  curve: readonly (readonly [partitions: number, bytesPerSec: number])[],
): Promise<string> {
  const folder = await RunFolder.create(root, 'curve', new Date('2026-01-01T00:00:00Z'));
  const cells = curve.map(([partitions]) => ({
    id: `p${partitions}`,
    label: `partitions=${partitions}`,
    settings: { partitions },
  }));
  await folder.writeManifest({ ...manifestOf(), cells });
  for (const [partitions, bytesPerSec] of curve) {
    for (let block = 0; block < 5; block++) {
      await folder.writeRepeat(repeatOf(partitions, block, bytesPerSec), {});
    }
  }
  return folder.dir;
}
