import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { refuseUnknownVariables } from '../../../bench/cli/variables.ts';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { suite } from '../../support/suite.ts';

const test = suite('environment variables');

/** What files of the product name, comments included. */
function named(folder: string): string[] {
  return readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|md)$/.test(name))
    .flatMap(
      (name) =>
        readFileSync(join(packageRoot(), folder, name), 'utf8').match(/\bKSWEEP_[A-Z0-9_]*[A-Z0-9]/g) ?? [],
    );
}

test('every variable that the product or its pages name is one that is let through', async () => {
  const names = new Set([...named('bench'), ...named('infra'), ...named('docs'), ...named('test/support')]);
  assert.ok(names.size > 15, [...names].join(', '));
  await refuseUnknownVariables(Object.fromEntries([...names].map((name) => [name, 'x'])));
});

test('another one is refused by name, with the nearest', async () => {
  let message = '';
  try {
    await refuseUnknownVariables({ HOME: '/root', KSWEEP_CACHES: 'x', KSWEEP_SASL_PASSWORD: 'x' });
  } catch (error) {
    message = `${(error as Error).message} ${(error as { hint?: string }).hint}`;
  }
  assert.match(message, /^KSWEEP_CACHES: no variable of ksweep.*KSWEEP_CACHE\?/);
});

test.run();
