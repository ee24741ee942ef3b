import { stringify } from 'yaml';
import { KsweepError } from '../common/errors.ts';
import { resolveWorkload } from '../workload/load.ts';
import { Draft, type Loss } from './draft.ts';
import { readOmbDriver } from './driver-file.ts';
import { mapDriver } from './map-driver.ts';
import { type MapOptions, mapWorkload } from './map-workload.ts';
import { readOmbWorkload } from './workload-file.ts';

export interface Imported {
  /** The workload file: YAML with the field that each setting comes from. */
  readonly text: string;
  readonly losses: readonly Loss[];
  readonly cells: number;
}

/** The sections in the order in which a workload holds them. */
const SECTIONS = ['topic', 'records', 'load', 'consumers', 'producer', 'consumer'];

/**
 * A ksweep workload from OMB's files, which validates; what has no place in it is named.
 * Throws workload-missing or workload-invalid, naming the field.
 * @param baseDir folder that the workload will stand in
 */
export function importOmb(
  workloadFile: string,
  driverFile: string | undefined,
  options: MapOptions & { readonly baseDir: string },
): Imported {
  const workload = readOmbWorkload(workloadFile);
  const driver = driverFile === undefined ? undefined : readOmbDriver(driverFile);
  const draft = new Draft();
  mapWorkload(draft, workload, options);
  if (driver !== undefined) mapDriver(draft, driver);
  const { plan } = resolveWorkload(draft.input(), options.baseDir, (problems) => {
    throw new KsweepError('workload-invalid', `${workloadFile} would be no valid workload`, {
      details: problems.map(({ path, message }) => {
        const origin = draft.originOf(path);
        return `${origin === null ? '' : `${origin}: `}${path.join('.')}: ${message}`;
      }),
    });
  });
  return { text: writeWorkload(draft, driver === undefined), losses: draft.losses, cells: plan.cells.length };
}

/** A name or value of OMB's as it may stand in a comment: on one line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function line(key: string, value: unknown, comment: string, indent: string): string {
  const text = stringify(
    { [key]: value },
    { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false },
  ).trim();
  // The outer braces are those of the map that holds the key.
  return `${indent}${text.replace(/^\{/, '').replace(/\}$/, '')}  # ${comment}`;
}

function writeWorkload({ settings, losses }: Draft, driverless: boolean): string {
  const lines = [
    '# Imported from OpenMessaging Benchmark by `ksweep import omb`. Behind each setting: the field it comes from.',
    ...(driverless ? ['# No driver file was given: producers and consumers have Kafka’s own defaults.'] : []),
    ...(losses.length === 0
      ? ['# Every field was carried over.']
      : [
          '# Lost, or with another meaning here:',
          ...losses.map(
            ({ field, value, why }) =>
              `#   ${field}${value === null ? '' : ` (${oneLine(String(value))})`}: ${oneLine(why)}`,
          ),
        ]),
  ];
  const comment = (from: string, note: string): string => (note === '' ? from : `${from}: ${note}`);
  for (const { path, value, from, note } of settings) {
    if (path.length === 1) lines.push(line(path[0], value, comment(from, note), ''));
  }
  for (const section of SECTIONS) {
    const own = settings.filter(({ path }) => path.length === 2 && path[0] === section);
    if (own.length === 0) continue;
    lines.push(`${section}:`);
    for (const { path, value, from, note } of own) {
      lines.push(line(path[1] as string, value, comment(from, note), '  '));
    }
  }
  return `${lines.join('\n')}\n`;
}
