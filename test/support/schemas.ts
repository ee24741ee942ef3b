import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as assert from 'uvu/assert';
import { schemasDir } from '../../bench/cli/write-schemas.ts';

/** Fails where a value is not what the shipped JSON Schema says: what another tool would see. */
export function assertSchema(name: string, value: unknown, where: string): void {
  const schema = JSON.parse(readFileSync(join(schemasDir(), name), 'utf8'));
  const ajv = new Ajv({ strict: false });
  assert.ok(ajv.validate(schema, value), `${where}: ${ajv.errorsText()}`);
}

/** The records of a run folder against the shipped schemas. */
export function assertRunFolder(dir: string, repeats: readonly string[]): void {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(dir, file), 'utf8'));
  assertSchema('manifest.schema.json', json('manifest.json'), 'manifest.json');
  const lines = readFileSync(join(dir, 'plan.ndjson'), 'utf8').trimEnd().split('\n');
  for (const line of lines) assertSchema('plan.schema.json', JSON.parse(line), `plan.ndjson: ${line}`);
  for (const repeat of repeats) {
    const file = join('cells', repeat, 'result.json');
    assertSchema('result.schema.json', json(file), file);
  }
}
