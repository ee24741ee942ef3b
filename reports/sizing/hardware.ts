import { type Catalog, findInstance } from '../../infra/catalog/catalog.ts';
import { type Figure, figure } from './figure.ts';
import { REPLICAS_PER_BROKER } from './formulas/partitions.ts';
import { type BrokerVolumes, resolveDisk, type VolumeAnswers } from './volumes.ts';

type Platform = 'self-managed' | 'msk';

/** One broker's limits in bytes, seconds and cores; null where the limit is not known and so not applied. */
export interface BrokerHardware {
  readonly instance: string;
  /** Each direction, at the baseline: burst is never used. */
  readonly networkBytesPerSec: number | null;
  readonly storageBytesPerSec: number | null;
  readonly diskBytes: number;
  readonly memoryBytes: number;
  /** vCPUs that may be used forever. */
  readonly cores: number;
  readonly replicasCap: number;
  readonly volume: BrokerVolumes;
  /** Who bills for it. */
  readonly platform: Platform;
  /** Everything above as figures, for the report. */
  readonly figures: readonly Figure[];
  readonly warnings: readonly { code: string; text: string }[];
}

/** The hardware questions, as answered. */
interface HardwareAnswers extends VolumeAnswers {
  readonly instance?: string | undefined;
  readonly platform: Platform;
  readonly network?: number | undefined;
  readonly memory?: number | undefined;
  readonly cores?: number | undefined;
}

const DEFAULT_INSTANCE = 'm6i.large';
const GIB = 2 ** 30;

/**
 * What one broker can carry for good: the catalogue's baselines with the user's own figures laid over them.
 * Throws KsweepError('sizing-input') for an instance type that is not in the catalogue.
 */
export function resolveHardware(catalog: Catalog, answers: HardwareAnswers): BrokerHardware {
  const name = answers.instance ?? DEFAULT_INSTANCE;
  const type = findInstance(catalog, name);
  const documented = `${type.source} (as of ${type.asOf})`;
  const own = 'your answer';
  const figures: Figure[] = [];
  const warnings: { code: string; text: string }[] = [];
  figures.push(
    figure('Broker', name, '', 'assumption', answers.instance === undefined ? 'default instance type' : own),
  );

  const network =
    answers.network ?? (type.network.baselineGbps === null ? null : (type.network.baselineGbps * 1e9) / 8);
  const networkKind = answers.network === undefined ? 'documented limit' : 'assumption';
  figures.push(
    figure(
      'Network of a broker, each direction',
      network ?? 'not known',
      'B/s',
      networkKind,
      answers.network === undefined ? `baseline, ${documented}` : own,
    ),
  );

  const disk = resolveDisk(catalog, answers, name);
  figures.push(...disk.figures);
  warnings.push(...disk.warnings);

  const memoryBytes = answers.memory ?? type.memoryGiB * GIB;
  figures.push(
    figure(
      'Memory of a broker',
      memoryBytes,
      'B',
      answers.memory === undefined ? 'documented limit' : 'assumption',
      answers.memory === undefined ? documented : own,
    ),
  );
  const cores = answers.cores ?? type.vcpus * (type.cpuBaselineShare ?? 1);
  figures.push(
    figure(
      'Cores of a broker',
      cores,
      '',
      answers.cores === undefined ? 'documented limit' : 'assumption',
      answers.cores === undefined ? `vCPUs × CPU baseline, ${documented}` : own,
    ),
  );

  const msk = answers.platform === 'msk' ? catalog.mskLimits.get(name) : undefined;
  const replicasCap = msk?.recommended ?? REPLICAS_PER_BROKER;
  figures.push(
    msk === undefined
      ? figure(
          'Partition replicas a broker',
          replicasCap,
          '',
          'heuristic',
          'Jun Rao, Confluent: 2000 to 4000 a broker (ZooKeeper era)',
        )
      : figure('Partition replicas a broker', replicasCap, '', 'documented limit', msk.source),
  );
  if (answers.platform === 'msk' && msk === undefined) {
    warnings.push({
      code: 'no-msk-limit',
      text: `Amazon MSK documents no partition limit for ${name}; the general rule of ${REPLICAS_PER_BROKER} replicas a broker is used`,
    });
  }

  if (network === null) {
    warnings.push({
      code: 'no-network-baseline',
      text: `${name} has no documented network baseline: the network was not judged; measure it, or give --network`,
    });
  }
  if (disk.bytesPerSec === null) {
    warnings.push({
      code: 'no-disk-figure',
      text: `no documented throughput of ${disk.volume.type} storage on ${name}: the disk's speed was not judged; give --disk-throughput`,
    });
  }
  if (type.cpuBaselineShare !== null) {
    warnings.push({
      code: 'burstable',
      text: `${name} earns CPU credits: only its baseline (${type.cpuBaselineShare * 100} % of each vCPU) counts here, and a short test on it measures burst`,
    });
  }
  return {
    instance: name,
    networkBytesPerSec: network,
    storageBytesPerSec: disk.bytesPerSec,
    diskBytes: disk.bytes,
    memoryBytes,
    cores,
    replicasCap,
    volume: disk.volume,
    platform: answers.platform,
    figures,
    warnings,
  };
}
