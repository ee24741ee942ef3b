import type { Catalog } from '../../infra/catalog/catalog.ts';
import { ec2Hardware } from './ec2-hardware.ts';
import type { Figure, FigureKind } from './figure.ts';
import { mskHardware } from './msk-hardware.ts';
import { isOwnHardware, ownHardware } from './own-hardware.ts';
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

/**
 * What one broker can carry for good: the catalogue's baselines with the user's own figures laid over them, or the
 * user's own machine. Throws KsweepError('sizing-input') for a type that the catalogue or the platform does not have.
 */
export function resolveHardware(catalog: Catalog, answers: HardwareAnswers): BrokerHardware {
  if (isOwnHardware(answers)) return ownHardware(answers);
  return answers.platform === 'msk' ? mskHardware(catalog, answers) : ec2Hardware(catalog, answers);
}
