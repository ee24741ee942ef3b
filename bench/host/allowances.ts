/**
 * Counters of EC2's Elastic Network Adapter that say what an instance was refused, so far (`ethtool -S`, Amazon EC2
 * user guide, "Monitor network performance for your Elastic Network Adapter"). They tell of a spent allowance without
 * asking CloudWatch.
 */
export interface Allowances {
  readonly bandwidthInExceeded: number | null;
  readonly bandwidthOutExceeded: number | null;
  readonly packetsExceeded: number | null;
  readonly connectionsExceeded: number | null;
}

/** Reads the output of `ethtool -S IFACE`; null where the driver has none of these counters. */
export function parseAllowances(text: string): Allowances | null {
  const of = (name: string): number | null => {
    const found = text.match(new RegExp(`^\\s*${name}: (\\d+)$`, 'm'))?.[1];
    return found === undefined ? null : Number(found);
  };
  const allowances = {
    bandwidthInExceeded: of('bw_in_allowance_exceeded'),
    bandwidthOutExceeded: of('bw_out_allowance_exceeded'),
    packetsExceeded: of('pps_allowance_exceeded'),
    connectionsExceeded: of('conntrack_allowance_exceeded'),
  };
  return Object.values(allowances).every((value) => value === null) ? null : allowances;
}
