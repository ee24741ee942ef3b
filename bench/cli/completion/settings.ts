import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../common/package-root.ts';
import { SHORT_NAMES } from '../../workload/settings.ts';

/** What the shipped schema of a workload says of one key. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Settings that `--set` takes, each with the values that it can have where there are a few. */
export function settingValues(): ReadonlyMap<string, readonly string[]> {
  const file = join(packageRoot(), 'schemas', 'workload.schema.json');
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
  const found = new Map<string, readonly string[]>();
  for (const [name, path] of Object.entries(SHORT_NAMES)) found.set(name, valuesOf(at(schema, path)));
  const leaves = Object.entries(schema.properties ?? {}).flatMap(([section, own]) => {
    const keys = Object.entries(own.properties ?? {});
    return keys.length === 0
      ? [[section, own] as const]
      : keys.map(([key, one]) => [`${section}.${key}`, one] as const);
  });
  for (const [name, one] of leaves) {
    found.set(name, valuesOf(one));
    // A name that only one role has stands alone, as workloads have it.
    const [, section = '', key = ''] = /^(producer|consumer)\.(.+)$/.exec(name) ?? [];
    const other = section === 'producer' ? 'consumer' : 'producer';
    if (key !== '' && at(schema, [other, key]) === undefined) found.set(key, valuesOf(one));
  }
  return found;
}

function at(schema: Schema, path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>((one, step) => one?.properties?.[step], schema);
}

function valuesOf(schema: Schema | undefined): string[] {
  if (schema === undefined) return [];
  const own = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  const all = [
    ...own.map(String),
    ...(schema.type === 'boolean' ? ['true', 'false'] : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(valuesOf),
  ];
  return [...new Set(all)];
}
