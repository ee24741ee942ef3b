import { z } from 'zod';
import { own } from '../own.ts';
import type { Path } from './yaml-source.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** The keys that a schema's input may have at a path; of a union, those of all its branches. */
export function keysIn(schema: z.ZodType, path: Path): string[] {
  let schemas: Schema[] = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema];
  for (const step of path) {
    schemas = schemas.flatMap(branches).flatMap((one) => {
      const next = typeof step === 'number' ? one.items : own(one.properties ?? {}, String(step));
      return next === undefined ? [] : [next];
    });
  }
  return [...new Set(schemas.flatMap(branches).flatMap((one) => Object.keys(one.properties ?? {})))];
}

function branches(schema: Schema): Schema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(branches)];
}
