import { KsweepError } from '../../bench/common/errors.ts';
import { type Catalog, findInstance } from '../../infra/catalog/catalog.ts';
import type { VolumeType } from '../../infra/catalog/schema.ts';
import { type Figure, type FigureKind, figure } from './figure.ts';
import { formatBytes, formatBytesPerSec } from './format.ts';
import { overridden } from './overrides.ts';

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
  /** What the throughput rests on. */
  readonly kind: FigureKind;
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
  readonly catalogNvme: { readonly writeBytesPerSec: number; readonly source: string } | undefined;
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
  const catalogNvme = catalog.localNvme.get(name);
  const problem: DiskProblem = { answers, instance, type, limits, usable, copies, catalogNvme };
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
    kind: speed.figure.kind,
    figures: [speed.figure, space.figure],
    warnings: [...speed.warnings, ...space.warnings],
  };
}

const dated = ({ source, asOf }: { source: string; asOf: string }) => `${source} (as of ${asOf})`;
const mirrored = ({ copies }: DiskProblem) => (copies === 2 ? ', half of it in RAID 10' : '');

type Warnings = BrokerDisk['warnings'];

/** What disks of this type can hold at most. */
function mostSpace({ instance, limits, usable, copies }: DiskProblem): number | null {
  if (limits !== null) return limits.maxSizeGiB * GIB * usable;
  return instance.localNvmeGB === null ? null : (instance.localNvmeGB * 1e9) / copies;
}

function spaceOf(problem: DiskProblem): { bytes: number; figure: Figure; warnings: Warnings } {
  const { answers, instance, limits, usable } = problem;
  const most = mostSpace(problem);
  const [question, asked] =
    answers.diskSize !== undefined
      ? (['diskSize', answers.diskSize] as const)
      : (['volumeSize', answers.volumeSize === undefined ? undefined : answers.volumeSize * usable] as const);
  const source = limits === null ? `local NVMe of ${instance.type}` : dated(limits);
  const { value, kind, warning, ...said } = overridden({
    instance: limits === null ? instance.type : `${plainCount(usable)} ${limits.type}`,
    question,
    name: 'Disk of a broker',
    unit: 'B',
    own: asked,
    lasting: most,
    burst: null,
    burstFor: '',
    source: `${source}${mirrored(problem)}`,
    show: formatBytes,
  });
  const bytes = value ?? 0;
  const name = asked === undefined && limits !== null ? 'Disk of a broker, at most' : 'Disk of a broker';
  const how = question === 'volumeSize' && asked !== undefined ? ': volumes × size' : '';
  return {
    bytes,
    figure: figure(name, bytes, 'B', kind, `${said.source}${how}`),
    warnings: warning === null ? [] : [warning],
  };
}

const plainCount = (usable: number) => (usable === 1 ? 'a volume of' : `${usable} volumes of`);

/** The rate that a broker's disks do for good, with its source; null where nobody says. */
function lastingSpeed(problem: DiskProblem): {
  bytesPerSec: number | null;
  kind: FigureKind;
  source: string;
} {
  const { catalogNvme, instance, type, limits, usable, copies } = problem;
  if (limits === null) {
    return catalogNvme === undefined
      ? { bytesPerSec: null, kind: 'documented limit', source: `local disks of ${instance.type}` }
      : {
          bytesPerSec: catalogNvme.writeBytesPerSec / copies,
          kind: 'heuristic',
          source: `local NVMe of ${instance.type}${mirrored(problem)}, ${catalogNvme.source}`,
        };
  }
  const volumes = limits.maxMiBps * MIB * usable;
  const ebs = instance.ebs === null ? null : (instance.ebs.baselineMBps * 1e6) / copies;
  return ebs === null || volumes < ebs
    ? {
        bytesPerSec: volumes,
        kind: 'documented limit',
        source: `${type} volumes${mirrored(problem)}, ${dated(limits)}`,
      }
    : {
        bytesPerSec: ebs,
        kind: 'documented limit',
        source: `EBS baseline of ${instance.type}${mirrored(problem)}, ${dated(instance)}`,
      };
}

function speedOf(problem: DiskProblem): { bytesPerSec: number | null; figure: Figure; warnings: Warnings } {
  const { answers, instance, limits, usable, copies } = problem;
  const lasting = lastingSpeed(problem);
  const said = (bytesPerSec: number | null, kind: FigureKind, source: string, warnings: Warnings = []) => ({
    bytesPerSec,
    figure: figure('Disk throughput of a broker', bytesPerSec ?? 'not known', 'B/s', kind, source),
    warnings,
  });
  if (answers.diskThroughput !== undefined) {
    const burst = limits === null ? null : ((instance.ebs?.burstMBps ?? 0) * 1e6) / copies;
    const { value, kind, source, warning } = overridden({
      instance: instance.type,
      question: 'diskThroughput',
      name: '',
      unit: 'B/s',
      own: answers.diskThroughput,
      lasting: lasting.bytesPerSec,
      burst,
      burstFor: '30 minutes, at least once a day',
      source: lasting.source,
      show: formatBytesPerSec,
    });
    return said(value, kind, source, warning === null ? [] : [warning]);
  }
  const asked = answers.volumeThroughput === undefined ? undefined : answers.volumeThroughput * usable;
  if (asked === undefined) return said(lasting.bytesPerSec, lasting.kind, lasting.source);
  // Of local disks that nobody has measured only the user knows how fast they are.
  if (lasting.bytesPerSec === null || asked < lasting.bytesPerSec) return said(asked, 'assumption', OWN);
  const warnings =
    asked <= lasting.bytesPerSec
      ? []
      : [unusedThroughput(instance.type, asked, lasting.bytesPerSec, limits === null ? 'its disks' : 'EBS')];
  return said(lasting.bytesPerSec, lasting.kind, lasting.source, warnings);
}

function unusedThroughput(
  instance: string,
  bought: number,
  lasting: number,
  what: string,
): { code: string; text: string } {
  return {
    code: 'unused-throughput',
    text: `the volumes are provisioned for ${formatBytesPerSec(bought)}, and ${instance} reaches ${what} at ${formatBytesPerSec(lasting)} for good: the rest is paid for and used in bursts only`,
  };
}
