import { KsweepError } from '../../bench/errors.ts';
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

/**
 * Volumes × size and × throughput, halved by RAID 10, and never faster than the instance reaches EBS for good: both
 * mirrors are written through that. Only an explicit disk throughput takes the place of it.
 */
export function resolveDisk(catalog: Catalog, answers: VolumeAnswers, name: string): BrokerDisk {
  const instance = findInstance(catalog, name);
  const documented = `${instance.source} (as of ${instance.asOf})`;
  const type = answers.volume ?? (instance.localNvmeGB === null ? 'gp3' : 'local');
  if (type === 'local') refuseNoDisks(name, answers, instance.localNvmeGB);
  const copies = answers.raid10 === true ? 2 : 1;
  const count = answers.volumes ?? 1;
  const limits = type === 'local' ? undefined : catalog.volumes.get(type);
  const usable = count / copies;

  const volume: BrokerVolumes = {
    type,
    count,
    copies,
    sizeBytes: answers.volumeSize ?? (answers.diskSize === undefined ? null : answers.diskSize / usable),
    bytesPerSec: answers.volumeThroughput ?? null,
  };
  const mirrored = copies === 2 ? ', half of it in RAID 10' : '';
  const space = spaceOf(answers, limits, usable, ((instance.localNvmeGB ?? 0) * 1e9) / copies);
  const size =
    space.own || limits === undefined
      ? figure(
          'Disk of a broker',
          space.bytes,
          'B',
          space.own ? 'assumption' : 'documented limit',
          space.own
            ? `${OWN}${answers.diskSize === undefined ? `: volumes × size${mirrored}` : ''}`
            : `local NVMe of ${name}${mirrored}`,
        )
      : figure(
          'Disk of a broker, at most',
          space.bytes,
          'B',
          'documented limit',
          `${sourceOf(limits)}${mirrored}`,
        );

  const ebs = instance.ebs === null || type === 'local' ? null : (instance.ebs.baselineMBps * 1e6) / copies;
  const one = throughputOf(answers, limits);
  const volumes = one === null ? null : one * usable;
  const known = [volumes, ebs].filter((limit) => limit !== null);
  const bytesPerSec = answers.diskThroughput ?? (known.length === 0 ? null : Math.min(...known));
  const ownVolumes = one !== null && one === answers.volumeThroughput && volumes === bytesPerSec;
  const own = answers.diskThroughput !== undefined || (ownVolumes && volumes !== ebs);
  const bound =
    ebs !== null && bytesPerSec === ebs ? `EBS baseline of ${name}${mirrored}` : `${type} volumes${mirrored}`;
  const throughput = figure(
    'Disk throughput of a broker',
    bytesPerSec ?? 'not known',
    'B/s',
    own ? 'assumption' : 'documented limit',
    own ? OWN : `${bound}, ${documented}`,
  );
  const bought = (volume.bytesPerSec ?? 0) * usable;
  const warnings =
    ebs === null || bought <= ebs || answers.diskThroughput !== undefined
      ? []
      : [
          {
            code: 'unused-throughput',
            text: `the volumes are provisioned for ${formatBytesPerSec(bought)}, and ${name} reaches EBS at ${formatBytesPerSec(ebs)} for good: the rest is paid for and used in bursts only`,
          },
        ];
  return { volume, bytes: space.bytes, bytesPerSec, figures: [throughput, size], warnings };
}

const sourceOf = (limits: { asOf: string; source: string }) => `${limits.source} (as of ${limits.asOf})`;

function spaceOf(
  answers: VolumeAnswers,
  limits: VolumeType | undefined,
  usable: number,
  nvmeBytes: number,
): { bytes: number; own: boolean } {
  if (answers.diskSize !== undefined) return { bytes: answers.diskSize, own: true };
  if (answers.volumeSize !== undefined) return { bytes: answers.volumeSize * usable, own: true };
  return { bytes: limits === undefined ? nvmeBytes : limits.maxSizeGiB * GIB * usable, own: false };
}

/** What one volume may be provisioned for; of local disks only the user knows. */
function throughputOf(answers: VolumeAnswers, limits: VolumeType | undefined): number | null {
  if (limits === undefined) return answers.volumeThroughput ?? null;
  const most = limits.maxMiBps * MIB;
  return Math.min(answers.volumeThroughput ?? most, most);
}
