import { KsweepError } from '../../bench/common/errors.ts';
import { formatNumber } from '../../bench/common/format-number.ts';
import { type Catalog, findInstance } from '../../infra/catalog/catalog.ts';
import type { BrokerHardware, HardwareAnswers } from './broker-hardware.ts';
import { type Figure, figure } from './figure.ts';
import { formatBytes, formatBytesPerSec } from './format.ts';
import { REPLICAS_PER_BROKER } from './formulas/partitions.ts';
import { type Override, overridden } from './overrides.ts';
import { resolveDisk } from './volumes.ts';

const DEFAULT_INSTANCE = 'm6i.large';
const GIB = 2 ** 30;
const OWN = 'your answer';

/** Partition replicas a broker: Hmax as answered, Amazon MSK's limit, or the rule of thumb. */
function replicasOf(
  answers: HardwareAnswers,
  msk: { recommended: number; source: string } | undefined,
): Figure & { value: number } {
  const named = (value: number, kind: Figure['kind'], source: string) => ({
    ...figure('Partition replicas a broker', value, '', kind, source),
    value,
  });
  if (answers.maxReplicas !== undefined) return named(answers.maxReplicas, 'assumption', OWN);
  return msk === undefined
    ? named(REPLICAS_PER_BROKER, 'heuristic', 'Jun Rao, Confluent: 2000 to 4000 per broker (ZooKeeper era)')
    : named(msk.recommended, 'documented limit', msk.source);
}

/** A type of the catalogue at its baselines. */
export function ec2Hardware(
  catalog: Catalog,
  answers: HardwareAnswers,
  msk?: { recommended: number; source: string },
): BrokerHardware {
  const name = answers.instance ?? DEFAULT_INSTANCE;
  if (name.startsWith('express.')) {
    throw new KsweepError('sizing-input', `instance: ${name} is a broker of Amazon MSK`, {
      hint: 'add --platform msk',
    });
  }
  const type = findInstance(catalog, name);
  const documented = `${type.source} (as of ${type.asOf})`;
  const figures: Figure[] = [
    figure('Broker', name, '', 'assumption', answers.instance === undefined ? 'default instance type' : OWN),
  ];
  const warnings: { code: string; text: string }[] = [];
  const laid = (override: Omit<Override, 'instance'>) => {
    const { value, kind, source, warning } = overridden({ instance: name, ...override });
    figures.push(figure(override.name, value ?? 'not known', override.unit, kind, source));
    if (warning !== null) warnings.push(warning);
    return { value, kind };
  };

  const gbps = (rate: number | null) => (rate === null ? null : (rate * 1e9) / 8);
  const network = laid({
    question: 'network',
    name: 'Network of a broker, each direction',
    unit: 'B/s',
    own: answers.network,
    lasting: gbps(type.network.baselineGbps),
    burst: gbps(type.network.burstGbps),
    burstFor: '5 to 60 minutes, best effort',
    source: `baseline, ${documented}`,
    show: formatBytesPerSec,
  });
  const disk = resolveDisk(catalog, answers, name);
  figures.push(...disk.figures);
  warnings.push(...disk.warnings);
  const memory = laid({
    question: 'memory',
    name: 'Memory of a broker',
    unit: 'B',
    own: answers.memory,
    lasting: type.memoryGiB * GIB,
    burst: null,
    burstFor: '',
    source: documented,
    show: formatBytes,
  });
  const cores = laid({
    question: 'cores',
    name: 'Cores of a broker',
    unit: '',
    own: answers.cores,
    lasting: type.vcpus * (type.cpuBaselineShare ?? 1),
    burst: type.cpuBaselineShare === null ? null : type.vcpus,
    burstFor: 'as long as CPU credits last',
    source: `vCPUs × CPU baseline, ${documented}`,
    show: formatNumber,
  });
  const replicas = replicasOf(answers, msk);
  figures.push(replicas);

  if (network.value === null) {
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
    networkBytesPerSec: network.value,
    storageBytesPerSec: disk.bytesPerSec,
    diskBytes: disk.bytes,
    memoryBytes: memory.value,
    cores: cores.value,
    replicasCap: replicas.value,
    express: null,
    kinds: { network: network.kind, storage: disk.kind, cores: cores.kind, replicas: replicas.kind },
    volume: disk.volume,
    platform: answers.platform,
    own: false,
    figures,
    warnings,
  };
}
