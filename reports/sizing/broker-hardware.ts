import type { Figure, FigureKind } from './figure.ts';
import type { BrokerVolumes, VolumeAnswers } from './volumes.ts';

type Platform = 'self-managed' | 'msk';

/** One broker's limits in bytes, seconds and cores; null where the limit is not known and so not applied. */
export interface BrokerHardware {
  readonly instance: string;
  /** Each direction, at the baseline: burst is never used. */
  readonly networkBytesPerSec: number | null;
  readonly storageBytesPerSec: number | null;
  readonly diskBytes: number | null;
  readonly memoryBytes: number | null;
  /** vCPUs that may be used forever. */
  readonly cores: number | null;
  readonly replicasCap: number;
  /** Clients' bytes that an Express broker sustains; every other limit is then null. */
  readonly express: {
    readonly ingressBytesPerSec: number;
    readonly egressBytesPerSec: number;
    readonly source: string;
  } | null;
  /** What each limit rests on: an answer above a baseline is an assumption. */
  readonly kinds: Readonly<Record<'network' | 'storage' | 'cores' | 'replicas', FigureKind>>;
  readonly volume: BrokerVolumes;
  /** Who bills for it; own machines have no price in a cloud. */
  readonly platform: Platform;
  readonly own: boolean;
  /** Everything above as figures, for the report. */
  readonly figures: readonly Figure[];
  readonly warnings: readonly { code: string; text: string }[];
}

/** The hardware questions, as answered. */
export interface HardwareAnswers extends VolumeAnswers {
  readonly instance?: string | undefined;
  readonly platform: Platform;
  readonly network?: number | undefined;
  readonly memory?: number | undefined;
  readonly cores?: number | undefined;
  readonly maxReplicas?: number | undefined;
}
