import { execFile } from 'node:child_process';
import type { HostFiles } from './files.ts';

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

type Ethtool = (name: string) => Promise<string>;

const LIMIT_MS = 900;

const ethtool: Ethtool = (name) =>
  new Promise((resolve, reject) => {
    execFile('ethtool', ['-S', name], { timeout: LIMIT_MS }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });

/** Reads the allowances of a host's ENA interfaces beside its samples: `ethtool` is a program, and is waited for by nobody. */
export class AllowanceReader {
  /** What was read last, of all interfaces together; null where there is no such interface, or no ethtool. */
  refused: number | null = null;
  readonly #names: readonly string[];
  readonly #run: Ethtool;
  #reading: Promise<void> | null = null;

  constructor(files: HostFiles, run: Ethtool = ethtool) {
    this.#run = run;
    this.#names = files
      .list('sys/class/net')
      .filter((name) => /^DRIVER=ena$/m.test(files.read(`sys/class/net/${name}/device/uevent`) ?? ''));
  }

  /** Begins a reading unless one is under way; resolves with its end. */
  read(): Promise<void> {
    if (this.#names.length === 0) return Promise.resolve();
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    const all = await Promise.all(
      this.#names.map((name) =>
        this.#run(name).then(
          (text) => parseAllowances(text),
          () => null,
        ),
      ),
    );
    const told = all.filter((one) => one !== null);
    this.refused =
      told.length === 0
        ? null
        : told.flatMap((one) => Object.values(one)).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  }
}
