/** Brokers to put causes in. What cannot be put in or taken out while they run is part of it. */
export interface Setup {
  readonly brokers: number;
  readonly configs?: Readonly<Record<string, string>>;
  /** Options that overrule the JVM's others. */
  readonly jvm?: string;
  /** A network namespace of its own, with a loopback that can be slowed. */
  readonly ownNetwork?: boolean;
  /** Logs on a loop device, whose reads and writes go past the page cache of the disk below. */
  readonly ownDisk?: boolean;
}

export const SETUPS = {
  plain: { brokers: 1 },
  'one-handler': { brokers: 1, configs: { 'num.io.threads': '1' } },
  'own-disk': { brokers: 1, ownDisk: true },
  'own-network': { brokers: 1, ownNetwork: true },
  'small-heap': {
    brokers: 1,
    // The log cleaner's buffer of 128 MiB would not even fit.
    configs: { 'log.cleaner.enable': 'false' },
    jvm: '-Xms48m -Xmx48m',
  },
  three: { brokers: 3 },
} as const satisfies Readonly<Record<string, Setup>>;
export type SetupName = keyof typeof SETUPS;
