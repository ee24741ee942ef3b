import { KsweepError } from '../../bench/common/errors.ts';
import type { BrokerHardware, HardwareAnswers } from './broker-hardware.ts';
import { type Figure, figure } from './figure.ts';
import { REPLICAS_PER_BROKER } from './formulas/partitions.ts';

/** The name that own machines have in answers, and in a price file. */
const OWN_INSTANCE = 'own';

/**
 * A machine of the user's: named so, or described by what only a machine has (network, memory, cores) with no type
 * named. It is never taken for a type of a cloud, and never priced as one.
 */
export function isOwnHardware({ instance, platform, network, memory, cores }: HardwareAnswers): boolean {
  if (instance !== undefined) return instance === OWN_INSTANCE;
  return platform !== 'msk' && (network ?? memory ?? cores) !== undefined;
}

/** The user's own figures; what is left out is not judged. Throws where the cloud is asked for all the same. */
export function ownHardware(answers: HardwareAnswers): BrokerHardware {
  if (answers.platform === 'msk' || (answers.volume !== undefined && answers.volume !== 'local')) {
    const question = answers.platform === 'msk' ? 'platform' : 'volume';
    throw new KsweepError(
      'sizing-input',
      `${question}: own machines have neither EBS volumes nor Amazon MSK`,
      {
        hint: `leave --${question} out, or name a type with --instance`,
      },
    );
  }
  const known = [answers.network, answers.memory, answers.cores, answers.diskSize, answers.diskThroughput];
  if ([...known, answers.volumeSize, answers.volumeThroughput].every((one) => one === undefined)) {
    throw new KsweepError('sizing-input', 'instance: nothing is known of your own machines', {
      hint: 'give some of --network, --disk-size, --disk-throughput, --memory and --cores',
    });
  }
  const source = 'your answer';
  const figures: Figure[] = [figure('Broker', 'own hardware', '', 'assumption', source)];
  const say = (name: string, value: number | null, unit: string) => {
    figures.push(
      figure(name, value ?? 'not judged', unit, 'assumption', value === null ? 'not answered' : source),
    );
    return value;
  };
  const copies = answers.raid10 === true ? 2 : 1;
  const usable = (answers.volumes ?? 1) / copies;
  const times = (one: number | undefined) => (one === undefined ? null : one * usable);
  const replicasCap = answers.maxReplicas ?? REPLICAS_PER_BROKER;
  const hardware = {
    networkBytesPerSec: say('Network of a broker, each direction', answers.network ?? null, 'B/s'),
    storageBytesPerSec: say(
      'Disk throughput of a broker',
      answers.diskThroughput ?? times(answers.volumeThroughput),
      'B/s',
    ),
    diskBytes: say('Disk of a broker', answers.diskSize ?? times(answers.volumeSize), 'B'),
    memoryBytes: say('Memory of a broker', answers.memory ?? null, 'B'),
    cores: say('Cores of a broker', answers.cores ?? null, ''),
  };
  const replicasKind = answers.maxReplicas === undefined ? 'heuristic' : 'assumption';
  figures.push(
    figure(
      'Partition replicas a broker',
      replicasCap,
      '',
      replicasKind,
      answers.maxReplicas === undefined
        ? 'Jun Rao, Confluent: 2000 to 4000 per broker (ZooKeeper era)'
        : source,
    ),
  );
  return {
    instance: OWN_INSTANCE,
    ...hardware,
    replicasCap,
    express: null,
    kinds: { network: 'assumption', storage: 'assumption', cores: 'assumption', replicas: replicasKind },
    volume: { type: 'local', count: answers.volumes ?? 1, copies, sizeBytes: null, bytesPerSec: null },
    platform: 'self-managed',
    own: true,
    figures,
    warnings: [],
  };
}
