import { propertyNames } from '../client/properties/translate.ts';
import { KsweepError } from '../common/errors.ts';
import { nearest } from '../common/nearest.ts';
import { own } from '../common/own.ts';

/** Where a setting stands in a workload file, such as ['producer', 'linger.ms']. */
export type SettingPath = readonly string[];

/** Short names for axes and --set. */
export const SHORT_NAMES: Readonly<Record<string, SettingPath>> = {
  partitions: ['topic', 'partitions'],
  replicationFactor: ['topic', 'replicationFactor'],
  size: ['records', 'size'],
  payload: ['records', 'payload'],
  keys: ['records', 'keys'],
  stamp: ['records', 'stamp'],
  rate: ['load', 'rate'],
  producers: ['load', 'producers'],
  arrivals: ['load', 'arrivals'],
  warmup: ['load', 'warmup'],
  duration: ['load', 'duration'],
  timing: ['load', 'timing'],
  consumers: ['consumers', 'perGroup'],
  groups: ['consumers', 'groups'],
  handler: ['consumers', 'handler'],
  concurrency: ['consumers', 'concurrency'],
  backlog: ['consumers', 'backlog'],
  // Applied last: it becomes the level of whatever codec the cell has.
  'compression.level': ['producer', 'compression.level'],
};

const SECTIONS = ['topic', 'records', 'load', 'consumers', 'brokers', 'producer', 'consumer'];
const TOP = ['guard', 'name', 'description', 'repeats', 'seed', 'thresholds', 'disruptions', 'sweep'];

/** Every short name and Kafka name that can stand for a setting. */
function knownNames(): string[] {
  return [...Object.keys(SHORT_NAMES), ...propertyNames('producer'), ...propertyNames('consumer')];
}

/**
 * The setting that a name means: a short name, a full path, or a Kafka name that only one role has.
 * Throws `usage` with the nearest name, or asking for a prefix.
 */
export function resolveSetting(name: string): SettingPath {
  const alias = own(SHORT_NAMES, name);
  if (alias !== undefined) return alias;
  // A map drops what is given to it under this name.
  if (name.split('.').includes('__proto__')) {
    throw new KsweepError('usage', `"${name}" is not a setting of a workload`);
  }
  const dot = name.indexOf('.');
  const section = dot < 0 ? name : name.slice(0, dot);
  const rest = dot < 0 ? '' : name.slice(dot + 1);
  // An axis is named for its setting, dots and all.
  if (name.startsWith('sweep.axes.')) return ['sweep', 'axes', name.slice('sweep.axes.'.length)];
  if (TOP.includes(section)) return [section, ...(rest === '' ? [] : rest.split('.'))];
  if (SECTIONS.includes(section) && rest !== '') {
    // Kafka's names have dots of their own.
    if (section === 'producer' || section === 'consumer') return [section, rest];
    if (section === 'topic' && rest.startsWith('configs.'))
      return ['topic', 'configs', rest.slice('configs.'.length)];
    if (section === 'consumers' && rest.startsWith('groupConfigs.'))
      return ['consumers', 'groupConfigs', rest.slice('groupConfigs.'.length)];
    // So do headers' names.
    if (section === 'records' && rest.startsWith('headers.'))
      return ['records', 'headers', rest.slice('headers.'.length)];
    return [section, ...rest.split('.')];
  }
  const owners = (['producer', 'consumer'] as const).filter((role) => propertyNames(role).includes(name));
  const [owner] = owners;
  if (owners.length === 1 && owner !== undefined) return [owner, name];
  if (owners.length > 1) {
    throw new KsweepError('usage', `"${name}" is a setting of producers and of consumers`, {
      hint: `write producer.${name} or consumer.${name}`,
    });
  }
  const guess = nearest(name, knownNames());
  throw new KsweepError('usage', `"${name}" is not a setting of a workload`, {
    hint:
      guess === undefined
        ? 'see schemas/workload.schema.json, or use a full path such as load.rate'
        : `did you mean ${guess}?`,
  });
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of a workload's raw input with one setting changed; what is not on the way is shared. */
export function withSetting(input: unknown, path: SettingPath, value: unknown): Record<string, unknown> {
  const [head, ...rest] = path;
  const base = isMap(input) ? input : {};
  if (head === undefined) return base;
  return { ...base, [head]: changed(own(base, head), rest, value) };
}

function changed(input: unknown, path: SettingPath, value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (!Array.isArray(input)) return withSetting(input, path, value);
  if (!/^\d+$/.test(head) || Number(head) >= input.length) {
    throw new KsweepError('usage', `"${head}" is not an item of a list of ${input.length}`, {
      hint: 'items count from 0; to add one, set the whole list',
    });
  }
  return input.map((one: unknown, index) => (index === Number(head) ? changed(one, rest, value) : one));
}
