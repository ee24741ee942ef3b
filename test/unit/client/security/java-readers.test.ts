import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parseJaas } from '../../../../bench/client/security/jaas.ts';
import { parseProperties } from '../../../../bench/client/security/properties-file.ts';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('as Java reads it');

interface Case {
  readonly kind: 'properties' | 'jaas';
  readonly text: string;
  /** What java.util.Properties and Kafka's JaasContext made of it; null where they refused it. */
  readonly read: Readonly<Record<string, string>> | null;
}

const CASES: readonly Case[] = JSON.parse(
  readFileSync(join(packageRoot(), 'test', 'support', 'java-readers', 'cases.json'), 'utf8'),
);

function read({ kind, text }: Case): Record<string, string> | null {
  try {
    if (kind === 'jaas') return { ...parseJaas(text, 'f:1').options };
    return Object.fromEntries([...parseProperties(text, 'f')].map(([name, { value }]) => [name, value]));
  } catch (error) {
    if (error instanceof KsweepError) return null;
    throw error;
  }
}

for (const kind of ['properties', 'jaas'] as const) {
  test(`${kind}: the answers that Java gave`, () => {
    const cases = CASES.filter((one) => one.kind === kind);
    assert.ok(cases.some((one) => one.read === null) && cases.some((one) => one.read !== null));
    for (const one of cases) assert.equal(read(one), one.read, JSON.stringify(one.text));
  });
}

test.run();
