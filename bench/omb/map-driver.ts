import { settingFromText } from '../client/properties/from-text.ts';
import { isSecurity } from '../client/properties/refused.ts';
import { propertyProblems } from '../client/properties/translate.ts';
import { own } from '../common/own.ts';
import type { Scalar } from '../common/scalar.ts';
import type { Draft } from './draft.ts';
import { DRIVER_FORK_FIELDS, type OmbDriver, propertiesOf } from './driver-file.ts';
import type { ReadOmbFile } from './workload-file.ts';

type Role = 'producer' | 'consumer';

/** Settings of a connection: a run gets them by its options, so that one workload serves many clusters. */
const CONNECTION: Readonly<Record<string, string>> = {
  'bootstrap.servers': 'where a run goes is said by --bootstrap-server',
  'client.id': 'clients are named after their run and role',
};

const scalarOf = (text: string): Scalar => {
  if (/^-?\d+$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
};

/** Carries every field of OMB's Kafka driver, and every property in its blocks, into the draft, or names it there as lost. */
export function mapDriver(draft: Draft, { file, value: driver, leftOut }: ReadOmbFile<OmbDriver>): void {
  draft.set(['topic', 'replicationFactor'], driver.replicationFactor, 'replicationFactor');
  const configs = propertiesOf(driver.topicConfig, 'topicConfig');
  if (configs.size > 0) {
    const values = Object.fromEntries([...configs].map(([key, text]) => [key, scalarOf(text)]));
    draft.set(['topic', 'configs'], values, 'topicConfig');
  }
  const common = propertiesOf(driver.commonConfig, 'commonConfig');
  for (const [key, text] of common) {
    const connects = connectionReason(key);
    if (connects !== null) draft.lose(file, `commonConfig ${key}`, shown(key, text), connects);
  }
  for (const role of ['producer', 'consumer'] as const) {
    mapRole(draft, file, role, common, propertiesOf(driver[`${role}Config`], `${role}Config`));
  }
  for (const field of leftOut) draft.lose(file, field, null, DRIVER_FORK_FIELDS[field] ?? '');
}

function mapRole(
  draft: Draft,
  file: string,
  role: Role,
  common: ReadonlyMap<string, string>,
  block: ReadonlyMap<string, string>,
): void {
  const values = new Map<string, { readonly text: string; readonly field: string }>();
  for (const [key, text] of common) {
    if (connectionReason(key) === null) values.set(key, { text, field: 'commonConfig' });
  }
  for (const [key, text] of block) values.set(key, { text, field: `${role}Config` });
  for (const [key, { text, field }] of values) {
    const connects = connectionReason(key);
    const value = settingFromText(role, key, text);
    const why = connects ?? propertyProblems(role, { [key]: value })[0]?.message;
    if (why === undefined) draft.set([role, key], value, field);
    else draft.lose(file, `${field} ${key}`, shown(key, text), why);
  }
}

function connectionReason(key: string): string | null {
  if (isSecurity(key)) return 'write it into a client properties file, and run with --command-config';
  return own(CONNECTION, key) ?? null;
}

/** Secrets are named, never shown. */
const shown = (key: string, text: string): string => (isSecurity(key) ? '…' : text);
