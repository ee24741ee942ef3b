import { KsweepError } from '../../bench/common/errors.ts';
import { type Catalog, findInstance } from '../../infra/catalog/catalog.ts';
import type { VolumeType } from '../../infra/catalog/schema.ts';
import { type Figure, figure } from './figure.ts';
import { formatBytesPerSec } from './format.ts';

/** A broker's volumes, as they are bought. */
export interface BrokerVolumes {
  readonly type: 'gp3' | 'io2' | 'local';
  readonly count: number;
  /** Volumes that each byte is written to: 2 in RAID 10. */
  readonly copies: 1 | 2;
  /** Bytes of one volume, where the user says; null: as the demand needs. */
  readonly sizeBytes: number | null;
  /** Throughput provisioned for one volume, where the user says; null: as the demand needs. */
  readonly bytesPerSec: number | null;
}

/** The volume questions, as answered. */
export interface VolumeAnswers {
  readonly volume?: 'gp3' | 'io2' | 'local' | undefined;
  readonly volumes?: number | undefined;
  readonly volumeSize?: number | undefined;
  readonly volumeThroughput?: number | undefined;
  readonly raid10?: boolean | undefined;
  readonly diskSize?: number | undefined;
  readonly diskThroughput?: number | undefined;
}

/** A broker's volumes with what records may use of them, mirrors taken off. */
interface BrokerDisk {
  readonly volume: BrokerVolumes;
  readonly bytes: number;
  /** null where it is not known, and so not applied. */
  readonly bytesPerSec: number | null;
  readonly figures: readonly Figure[];
  readonly warnings: readonly { code: string; text: string }[];
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const OWN = 'your answer';

/** Refuses local disks on an instance without any, unless the user says how large they are. */
function refuseNoDisks(instance: string, answers: VolumeAnswers, localNvmeGB: number | null): void {
  if (localNvmeGB !== null || answers.diskSize !== undefined || answers.volumeSize !== undefined) return;
  throw new KsweepError('sizing-input', `volume: ${instance} has no local disks`, {
    hint: 'use gp3 or io2, an instance with local NVMe such as i4i.large, or give --disk-size for disks of your own',
  });
}

/** What decides a disk's space and speed, looked up once. */
interface DiskProblem {
  readonly answers: VolumeAnswers;
  readonly instance: ReturnType<typeof findInstance>;
  readonly type: BrokerVolumes['type'];
  /** null for local disks. */
  readonly limits: (VolumeType & { asOf: string; source: string }) | null;
  /** Volumes' worth of space and writes that mirroring leaves. */
  readonly usable: number;
  readonly copies: 1 | 2;
}

/**
 * Volumes × size and × throughput, halved by RAID 10, and never faster than the instance reaches EBS for good: both
 * mirrors are written through that. Only an explicit disk throughput takes the place of it.
 */
export function resolveDisk(catalog: Catalog, answers: VolumeAnswers, name: string): BrokerDisk {
  const instance = findInstance(catalog, name);
  const type = answers.volume ?? (instance.localNvmeGB === null ? 'gp3' : 'local');
  if (type === 'local') refuseNoDisks(name, answers, instance.localNvmeGB);
  const copies = answers.raid10 === true ? 2 : 1;
  const count = answers.volumes ?? 1;
  const usable = count / copies;
  const limits = type === 'local' ? null : (catalog.volumes.get(type) ?? null);
  const problem: DiskProblem = { answers, instance, type, limits, usable, copies };
  const space = spaceOf(problem);
  const speed = speedOf(problem);
  return {
    volume: {
      type,
      count,
      copies,
      sizeBytes: answers.volumeSize ?? (answers.diskSize === undefined ? null : answers.diskSize / usable),
      bytesPerSec: answers.volumeThroughput ?? null,
    },
    bytes: space.bytes,
    bytesPerSec: speed.bytesPerSec,
    figures: [speed.figure, space.figure],
    warnings: speed.warnings,
  };
}

const dated = ({ source, asOf }: { source: string; asOf: string }) => `${source} (as of ${asOf})`;
const mirrored = ({ copies }: DiskProblem) => (copies === 2 ? ', half of it in RAID 10' : '');

function spaceOf(problem: DiskProblem): { bytes: number; figure: Figure } {
  const { answers, instance, limits, usable, copies } = problem;
  const own = (bytes: number, source: string) => ({
    bytes,
    figure: figure('Disk of a broker', bytes, 'B', 'assumption', source),
  });
  const documented = (name: string, bytes: number, source: string) => ({
    bytes,
    figure: figure(name, bytes, 'B', 'documented limit', `${source}${mirrored(problem)}`),
  });
  if (answers.diskSize !== undefined) return own(answers.diskSize, OWN);
  if (answers.volumeSize !== undefined) {
    return own(answers.volumeSize * usable, `${OWN}: volumes × size${mirrored(problem)}`);
  }
  if (limits !== null) {
    return documented('Disk of a broker, at most', limits.maxSizeGiB * GIB * usable, dated(limits));
  }
  const bytes = ((instance.localNvmeGB ?? 0) * 1e9) / copies;
  return documented('Disk of a broker', bytes, `local NVMe of ${instance.type}`);
}

function speedOf(problem: DiskProblem): {
  bytesPerSec: number | null;
  figure: Figure;
  warnings: BrokerDisk['warnings'];
} {
  const { answers, instance, type, limits, usable, copies } = problem;
  const answer = (bytesPerSec: number | null, own: boolean, source: string) => ({
    bytesPerSec,
    figure: figure(
      'Disk throughput of a broker',
      bytesPerSec ?? 'not known',
      'B/s',
      own ? 'assumption' : 'documented limit',
      own ? OWN : source,
    ),
    warnings: [],
  });
  if (answers.diskThroughput !== undefined) return answer(answers.diskThroughput, true, OWN);
  const asked = answers.volumeThroughput;
  // Of local disks only the user knows how fast they are.
  const most = limits === null ? Number.POSITIVE_INFINITY : limits.maxMiBps * MIB;
  const volumes = limits === null && asked === undefined ? null : Math.min(asked ?? most, most) * usable;
  const ebs = instance.ebs === null || limits === null ? null : (instance.ebs.baselineMBps * 1e6) / copies;
  if (ebs === null || (volumes !== null && volumes < ebs)) {
    const own = asked !== undefined && asked <= most;
    return answer(volumes, own, `${type} volumes${mirrored(problem)}, ${dated(limits ?? instance)}`);
  }
  const bound = answer(
    ebs,
    false,
    `EBS baseline of ${instance.type}${mirrored(problem)}, ${dated(instance)}`,
  );
  return asked === undefined || asked * usable <= ebs
    ? bound
    : { ...bound, warnings: [unusedThroughput(instance.type, asked * usable, ebs)] };
}

function unusedThroughput(instance: string, bought: number, ebs: number): { code: string; text: string } {
  return {
    code: 'unused-throughput',
    text: `the volumes are provisioned for ${formatBytesPerSec(bought)}, and ${instance} reaches EBS at ${formatBytesPerSec(ebs)} for good: the rest is paid for and used in bursts only`,
  };
}
