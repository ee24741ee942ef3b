import { createHash } from 'node:crypto';
import type { Manifest } from './manifest.ts';

/** What a night's figures hold for, flat, so that two nights can be held side by side. */
export type Fingerprint = Readonly<Record<string, string | number | boolean | null>>;

/** Addresses change from night to night without a meaning; how many brokers there are does not. */
export function fingerprintOf(manifest: Manifest): Fingerprint {
  const { environment, cluster, corpus } = manifest;
  const flat: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(environment)) flat[`generator.${name}`] = value;
  flat['cluster.brokers'] = cluster.brokers.length;
  flat['cluster.kafkaVersion'] = cluster.kafkaVersion;
  flat['cluster.mode'] = cluster.mode;
  flat['cluster.local'] = cluster.local;
  for (const [name, value] of Object.entries(cluster.hardware ?? {})) {
    flat[`hardware.${name}`] = scalar(value);
  }
  const byCell = Object.entries(manifest.pinnedByCell ?? {}).map(
    ([id, pinned]) => [`pinned.${id}`, pinned] as const,
  );
  for (const [prefix, pinned] of [['pinned', manifest.pinned] as const, ...byCell]) {
    for (const [role, settings] of Object.entries(pinned)) {
      for (const [name, value] of Object.entries(settings)) flat[`${prefix}.${role}.${name}`] = value;
    }
  }
  flat['corpus'] = corpus === null ? null : digest(corpus);
  return flat;
}

const scalar = (value: unknown): string | number | boolean | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : JSON.stringify(value);

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, inner]) => [name, canonical(inner)]));
}

/** SHA-256 of a JSON-like value, whatever the order of its keys. */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(value)) ?? 'null')
    .digest('hex');
}

export interface Difference {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const shown = (value: unknown): string => (value === undefined ? '(absent)' : String(value));

/** What differs between two nights' environments, by name. */
export function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => shown(before[name]) !== shown(after[name]))
    .map((name) => ({ name, before: shown(before[name]), after: shown(after[name]) }));
}
