import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clusterSpecSchema } from '../infra/ec2/spec-schema.ts';
import { sizingReportSchema } from '../reports/sizing/report.ts';
import { packageRoot } from './package-root.ts';
import { manifestSchema, repeatResultSchema } from './result.ts';
import { workloadSchema } from './workload/schema.ts';

/** The JSON Schemas that editors and other tools read, by file name. `npm run schemas` writes them. */
export function jsonSchemas(): Record<string, unknown> {
  const of = (schema: z.ZodType, io: 'input' | 'output'): unknown =>
    z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-7' });
  return {
    'workload.schema.json': of(workloadSchema, 'input'),
    'result.schema.json': of(repeatResultSchema, 'output'),
    'manifest.schema.json': of(manifestSchema, 'output'),
    'cluster.schema.json': of(clusterSpecSchema, 'input'),
    'sizing.schema.json': of(sizingReportSchema, 'output'),
  };
}

export const schemasDir = (): string => join(packageRoot(), 'schemas');

export const schemaText = (schema: unknown): string => `${JSON.stringify(schema, null, 2)}\n`;

if (process.argv[1]?.endsWith('schemas.js')) {
  mkdirSync(schemasDir(), { recursive: true });
  for (const [name, schema] of Object.entries(jsonSchemas()))
    writeFileSync(join(schemasDir(), name), schemaText(schema));
}
