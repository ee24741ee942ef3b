import type { ClientSettings } from './driver.ts';

/** Settings that only ksweep's own bookkeeping needs; a user's value wins. */
export function withOwnSettings(settings: ClientSettings): ClientSettings {
  // 250 ms: a second is told of in four parts, and a client without counts of its own tells its wire bytes this late.
  return { 'statistics.interval.ms': 250, 'log.connection.close': false, ...settings };
}
