import type { ClientSettings } from './driver.ts';

/** Settings that only ksweep's own bookkeeping needs; a user's value wins. */
export function withOwnSettings(settings: ClientSettings): ClientSettings {
  // 250 ms: the wire bytes of a repeat are complete this long after its last record.
  return { 'statistics.interval.ms': 250, 'log.connection.close': false, ...settings };
}
