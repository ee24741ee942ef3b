import { z } from 'zod';
import { workloadSchema } from './schema.ts';
import type { Path } from './yaml-source.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

let root: Schema | undefined;

/** The keys that a workload may have at a path, for suggestions; of a union, those of all its branches. */
export function keysAt(path: Path): string[] {
  root ??= z.toJSONSchema(workloadSchema, { io: 'input', unrepresentable: 'any' }) as Schema;
  let schemas: Schema[] = [root];
  for (const step of path) {
    schemas = schemas.flatMap(branches).flatMap((schema) => {
      const next = typeof step === 'number' ? schema.items : schema.properties?.[step];
      return next === undefined ? [] : [next];
    });
  }
  return [...new Set(schemas.flatMap(branches).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

function branches(schema: Schema): Schema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(branches)];
}
