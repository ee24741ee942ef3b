import type { HostFigures } from '../../results/host-figures.ts';

/**
 * What a host may lose before late records are its doing. Below these a stall of 20 ms at the 99th percentile has
 * another cause: 1 % of a second is 10 ms on one processor.
 */
const STOLEN_MEAN_PERCENT = 1;
const STOLEN_MAX_PERCENT = 5;
const THROTTLED_PERCENT = 1;

const shown = (percent: number): string => (percent < 10 ? percent.toFixed(1) : percent.toFixed(0));

/** What a host took from the generators on it, and the remedy; null where none did. Asked only where records were late. */
export function delayedBy(hosts: readonly HostFigures[]): string | null {
  for (const host of hosts) {
    const { name, stolenPercent, stolenMaxPercent, throttledPercent, throttledMs, cpuLimit } = host;
    if ((throttledPercent ?? 0) >= THROTTLED_PERCENT) {
      const held = throttledMs === null ? '' : `, ${throttledMs.toFixed(0)} ms in all`;
      return `the limit of ${cpuLimit?.toFixed(1)} processors on host ${name} held the generators back in ${shown(throttledPercent ?? 0)} % of its periods${held}; raise the container's CPU limit, or load from more hosts`;
    }
    const [mean, most] = [stolenPercent ?? 0, stolenMaxPercent ?? 0];
    if (mean >= STOLEN_MEAN_PERCENT || most >= STOLEN_MAX_PERCENT) {
      return `host ${name} lost ${shown(mean)} % of its CPU time to other guests (stolen; up to ${shown(most)} % in one second); use an instance type without burst credits or a less shared machine`;
    }
  }
  return null;
}
