import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clusterSpecSchema } from '../../infra/ec2/spec-schema.ts';
import { reportDocumentSchema } from '../../reports/files/report-document.ts';
import { sizingReportSchema } from '../../reports/sizing/report.ts';
import type { Check, Property } from '../client/properties/property.ts';
import { PROPERTIES } from '../client/properties/table.ts';
import { packageRoot } from '../common/package-root.ts';
import { termsPage } from '../messages/terms.ts';
import { dryRunSchema } from '../results/dry-run.ts';
import { manifestSchema } from '../results/manifest.ts';
import { planLineSchema } from '../results/plan-line.ts';
import { repeatResultSchema } from '../results/result.ts';
import { workloadSchema } from '../workload/schema.ts';

/** The JSON Schemas that editors and other tools read, by file name. `npm run schemas` writes them, and docs/terms.md. */
export function jsonSchemas(): Record<string, unknown> {
  const of = (schema: z.ZodType, io: 'input' | 'output'): unknown =>
    z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-7' });
  return {
    'workload.schema.json': withKafkaNames(of(workloadSchema, 'input') as WorkloadJsonSchema),
    'result.schema.json': of(repeatResultSchema, 'output'),
    'manifest.schema.json': of(manifestSchema, 'output'),
    // A line of plan.ndjson.
    'plan.schema.json': of(planLineSchema, 'output'),
    'dry-run.schema.json': of(dryRunSchema, 'output'),
    'cluster.schema.json': of(clusterSpecSchema, 'input'),
    'report.schema.json': of(reportDocumentSchema, 'output'),
    'sizing.schema.json': of(sizingReportSchema, 'output'),
  };
}

interface WorkloadJsonSchema {
  readonly properties: Readonly<Record<string, object>>;
}

/** Names and values of Kafka's client settings, so that an editor completes and checks them. */
function withKafkaNames(schema: WorkloadJsonSchema): WorkloadJsonSchema {
  const section = (role: 'producer' | 'consumer'): object => ({
    ...schema.properties[role],
    properties: Object.fromEntries(
      PROPERTIES.filter((property) => property.role === role || property.role === 'both').map((property) => [
        property.kafka,
        settingSchema(property),
      ]),
    ),
  });
  const properties = { ...schema.properties, producer: section('producer'), consumer: section('consumer') };
  return { ...schema, properties };
}

function settingSchema({ check, javaDefault, ownPin, narrower }: Property): object {
  const value = ownPin?.value ?? javaDefault;
  const about = narrower ?? ownPin?.reason;
  return {
    ...typeOf(check),
    ...(value === undefined ? {} : { default: value }),
    ...(about === undefined ? {} : { description: about }),
  };
}

function typeOf(check: Check): object {
  switch (check.kind) {
    case 'integer':
      return { type: 'integer', minimum: check.min, maximum: check.max };
    case 'boolean':
      return { type: 'boolean' };
    case 'one of':
      return { enum: [...check.values] };
    case 'text':
      return { type: 'string', minLength: 1 };
  }
}

export const schemasDir = (): string => join(packageRoot(), 'schemas');

export const schemaText = (schema: unknown): string => `${JSON.stringify(schema, null, 2)}\n`;

if (process.argv[1]?.endsWith('schemas.js')) {
  mkdirSync(schemasDir(), { recursive: true });
  for (const [name, schema] of Object.entries(jsonSchemas()))
    writeFileSync(join(schemasDir(), name), schemaText(schema));
  writeFileSync(join(packageRoot(), 'docs', 'terms.md'), termsPage());
}
