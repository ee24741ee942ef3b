import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';

const schema = JSON.parse(readFileSync(join(packageRoot(), 'schemas/sizing.schema.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);

/** Fails where a report, as `--json` prints it, does not fit the shipped schema: an infinity would not survive. */
export function assertFitsSchema(report: unknown): void {
  assert.ok(validate(JSON.parse(JSON.stringify(report))), JSON.stringify(validate.errors));
}
