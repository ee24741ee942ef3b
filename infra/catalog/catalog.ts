import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { KsweepError } from '../../bench/common/errors.ts';
import { nearest } from '../../bench/common/nearest.ts';
import { packageRoot } from '../../bench/common/package-root.ts';
import {
  type InstanceType,
  instancesFileSchema,
  localNvmeFileSchema,
  mskExpressFileSchema,
  mskFileSchema,
  type PriceOverrides,
  type Prices,
  priceOverridesSchema,
  pricesFileSchema,
  type VolumeType,
  volumesFileSchema,
} from './schema.ts';

/** An instance type with the source of its figures. */
interface CatalogInstance extends InstanceType {
  readonly asOf: string;
  readonly source: string;
}

interface MskLimit {
  readonly recommended: number;
  readonly maximum: number;
  readonly source: string;
}

/** What the instance store of a type writes, by somebody else's measurement. */
interface LocalNvme {
  readonly disks: number;
  readonly writeBytesPerSec: number;
  readonly source: string;
}

/** A broker of Amazon MSK Express: clients' bytes in and out, and partition replicas. */
interface MskExpress extends MskLimit {
  readonly ingressBytesPerSec: number;
  readonly egressBytesPerSec: number;
}

export interface Catalog {
  readonly instances: ReadonlyMap<string, CatalogInstance>;
  readonly volumes: ReadonlyMap<string, VolumeType & { asOf: string; source: string }>;
  /** Partition replicas a broker on Amazon MSK, by instance type. */
  readonly mskLimits: ReadonlyMap<string, MskLimit>;
  readonly mskExpress: ReadonlyMap<string, MskExpress>;
  readonly localNvme: ReadonlyMap<string, LocalNvme>;
  readonly prices: ReadonlyMap<string, Prices>;
  /** The file of refreshed figures that was used, if any. */
  readonly refreshedFrom: string | null;
}

const SHIPPED = 'infra/catalog';
const SHIPPED_REGIONS = ['us-east-1', 'eu-central-1'] as const;

/** Where `ksweep catalog refresh` writes and every later command reads: $XDG_DATA_HOME, else ~/.local/share. */
export function userCatalogFile(env: NodeJS.ProcessEnv = process.env): string {
  const data = env['XDG_DATA_HOME'];
  const base = data !== undefined && data !== '' ? data : join(homedir(), '.local', 'share');
  return join(base, 'ksweep', 'ec2-instances.json');
}

function readChecked<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new KsweepError('sizing-input', `${file}: cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new KsweepError('sizing-input', `${file}: not a valid catalogue file`, {
    details: checked.error.issues.map(
      (issue) => `${issue.path.join('.') || '(top level)'}: ${issue.message}`,
    ),
  });
}

/**
 * The shipped catalogue, with refreshed instance figures laid over it where the user has some.
 * Throws KsweepError('sizing-input') where a file of the user's is not valid.
 */
export function loadCatalog(options: { userFile?: string; env?: NodeJS.ProcessEnv } = {}): Catalog {
  const folder = join(packageRoot(), SHIPPED);
  const instances = new Map<string, CatalogInstance>();
  const addFile = (file: string) => {
    const content = readChecked(file, instancesFileSchema);
    for (const type of content.types) {
      instances.set(type.type, { ...type, asOf: content.asOf, source: content.source });
    }
  };
  addFile(join(folder, 'ec2-instances.json'));
  const userFile = options.userFile ?? userCatalogFile(options.env);
  const refreshed = existsSync(userFile);
  if (refreshed) addFile(userFile);
  else if (options.userFile !== undefined) {
    throw new KsweepError('sizing-input', `${userFile}: no such catalogue file`);
  }

  const volumes = readChecked(join(folder, 'volumes.json'), volumesFileSchema);
  const msk = readChecked(join(folder, 'msk-partition-limits.json'), mskFileSchema);
  const express = readChecked(join(folder, 'msk-express.json'), mskExpressFileSchema);
  const nvme = readChecked(join(folder, 'local-nvme.json'), localNvmeFileSchema);
  const dated = ({ source, asOf }: { source: string; asOf: string }) => `${source} (as of ${asOf})`;
  return {
    instances,
    volumes: new Map(
      volumes.types.map((type) => [type.type, { ...type, asOf: volumes.asOf, source: volumes.source }]),
    ),
    mskLimits: new Map(
      msk.brokers.map(({ type, recommended, maximum }) => [
        type,
        { recommended, maximum, source: dated(msk) },
      ]),
    ),
    mskExpress: new Map(
      express.brokers.map(({ type, ingressMBps, egressMBps, ...limits }) => [
        type,
        {
          ...limits,
          ingressBytesPerSec: ingressMBps * 1e6,
          egressBytesPerSec: egressMBps * 1e6,
          source: dated(express),
        },
      ]),
    ),
    localNvme: new Map(
      nvme.types.map(({ type, disks, writeMBpsPerDisk }) => [
        type,
        { disks, writeBytesPerSec: disks * writeMBpsPerDisk * 1e6, source: dated(nvme) },
      ]),
    ),
    prices: new Map(
      SHIPPED_REGIONS.map((region) => [
        region,
        readChecked(join(folder, `prices-${region}.json`), pricesFileSchema),
      ]),
    ),
    refreshedFrom: refreshed ? userFile : null,
  };
}

/** The instance type of that name, or KsweepError('sizing-input') with the nearest known one. */
export function findInstance(catalog: Catalog, type: string): CatalogInstance {
  const found = catalog.instances.get(type);
  if (found !== undefined) return found;
  const near = nearest(type, catalog.instances.keys());
  throw new KsweepError('sizing-input', `instance: "${type}" is not in the catalogue`, {
    hint:
      near === undefined
        ? 'see `ksweep catalog list`, or read it from your account with `ksweep catalog refresh`'
        : `did you mean ${near}? \`ksweep catalog list\` names them all`,
  });
}

/** The prices of a region, or KsweepError('sizing-input') naming the regions there are. */
export function findPrices(catalog: Catalog, region: string): Prices {
  const found = catalog.prices.get(region);
  if (found !== undefined) return found;
  throw new KsweepError('sizing-input', `region: no prices for "${region}"`, {
    hint: `use one of ${[...catalog.prices.keys()].join(', ')}, with --prices FILE for your own figures`,
  });
}

/** Reads `--prices FILE` (YAML or JSON); every part is optional except the date. */
export function readPriceOverrides(file: string): PriceOverrides {
  return readChecked(file, priceOverridesSchema);
}

/** Lays the given parts over the base; `undefined` never replaces anything. */
function laidOver<T extends object>(base: T, parts: { [K in keyof T]?: T[K] | undefined }): T {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return { ...base, ...(Object.fromEntries(given) as Partial<T>) };
}

/** The region's prices with the user's laid over them; each part keeps or takes the source it came from. */
export function overridePrices(prices: Prices, overrides: PriceOverrides): Prices {
  const source = `${overrides.source} (as of ${overrides.asOf})`;
  const replaces = (part: object) => Object.keys(part).length > 0;
  const volumes = replaces(overrides.gp3) || replaces(overrides.io2);
  return {
    ...prices,
    currency: overrides.currency ?? prices.currency,
    asOf: [overrides.asOf, prices.asOf].sort()[0] ?? prices.asOf,
    instancesPerHour: { ...prices.instancesPerHour, ...overrides.instancesPerHour },
    gp3: laidOver(prices.gp3, overrides.gp3),
    io2: laidOver(prices.io2, overrides.io2),
    crossZonePerGB: laidOver(prices.crossZonePerGB, overrides.crossZonePerGB),
    objectStoragePerGBMonth: overrides.objectStoragePerGBMonth ?? prices.objectStoragePerGBMonth,
    msk: overrides.msk === undefined ? prices.msk : { ...overrides.msk, source },
    source: {
      instances: replaces(overrides.instancesPerHour)
        ? `${source}, else ${prices.source.instances}`
        : prices.source.instances,
      volumes: volumes ? `${source}, else ${prices.source.volumes}` : prices.source.volumes,
      crossZone: replaces(overrides.crossZonePerGB) ? source : prices.source.crossZone,
      objectStorage: overrides.objectStoragePerGBMonth === undefined ? prices.source.objectStorage : source,
    },
  };
}
