import { isDeepStrictEqual } from 'node:util';

/** A resolved workload, as a manifest or a cell holds it. */
type WorkloadLike = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const show = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));

/** Where two trees differ: "load.duration: 20000 against 5000". */
export function differences(a: unknown, b: unknown, path = ''): string[] {
  if (isDeepStrictEqual(a, b)) return [];
  if (!isMap(a) || !isMap(b)) return [`${path}: ${show(a)} against ${show(b)}`];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

/** What two sides have to have in common, or they would not do the same work: all but the settings of clients and topics. */
export function workOf({ topic, records, load, consumers, disruptions }: WorkloadLike): WorkloadLike {
  const { name, existing, ...own } = isMap(topic) ? topic : {};
  return {
    topic: existing === true ? { existing, name, ...own } : { existing: existing ?? false },
    records,
    load,
    consumers,
    disruptions,
  };
}

/** How the work of two workloads differs, a sentence each in the workload file's own names; none where it is the same. */
export const workDifferences = (a: WorkloadLike, b: WorkloadLike): string[] =>
  differences(workOf(a), workOf(b));
