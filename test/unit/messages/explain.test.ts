import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import type { SeriesReport } from '../../../bench/jobs/nightly/series-report.ts';
import type { Entry } from '../../../bench/messages/explain/entry.ts';
import { explain, explainedNames, nearestName } from '../../../bench/messages/explain/lookup.ts';
import { NOTES } from '../../../bench/messages/explain/notes.ts';
import { REASONS } from '../../../bench/messages/explain/reasons.ts';
import {
  CELL_VERDICTS,
  COMPARISON_VERDICTS,
  NIGHT_VERDICTS,
  SEARCH_LIMITS,
} from '../../../bench/messages/explain/verdicts.ts';
import { METRICS } from '../../../bench/results/metrics.ts';
import type { RepeatResult } from '../../../bench/results/result.ts';
import type { Comparison } from '../../../bench/stats/verdict.ts';
import type { CellReport } from '../../../reports/run/run-summary.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ksweep explain');

// A verdict without an entry does not compile.
CELL_VERDICTS satisfies Readonly<Record<CellReport['verdict'], Entry>>;
COMPARISON_VERDICTS satisfies Readonly<Record<Comparison['verdict'], Entry>>;
SEARCH_LIMITS satisfies Readonly<Record<NonNullable<RepeatResult['search']>['limitedBy'], Entry>>;
({ ...COMPARISON_VERDICTS, ...NIGHT_VERDICTS }) satisfies Readonly<Record<SeriesReport['verdict'], Entry>>;

/** The codes that files of a folder give to reasons and notes. */
function codesIn(folder: string): string[] {
  return readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...readFileSync(join(packageRoot(), folder, name), 'utf8').matchAll(/\bcode: '([a-z0-9-]+)'/g),
    ])
    .map(([, code = '']) => code);
}

test('every reason and note that a run gives has an entry, and no entry is of nothing', () => {
  const given = new Set([
    ...codesIn('bench/run'),
    ...[
      ...readFileSync(join(packageRoot(), 'bench/workload/cross-rules.ts'), 'utf8').matchAll(
        /code: '([a-z0-9-]+)'/g,
      ),
    ].map(([, code = '']) => code),
  ]);
  // A failed repeat may carry the code of any error; this one is given by hand.
  given.delete('internal');
  assert.ok(given.size > 30, String(given.size));
  assert.equal([...given].toSorted(), [...Object.keys(REASONS), ...Object.keys(NOTES)].toSorted());
});

test('every metric has an entry, under each way to write it', () => {
  for (const { key, label, column } of METRICS) {
    for (const name of [key, label, column, key.toUpperCase()]) {
      const found = explain(name, 'en').filter(({ kind, name: known }) => kind === 'metric' && known === key);
      assert.is(found.length, 1, name);
    }
  }
  assert.equal(
    explain('due-to-ack p99', 'en').map(({ name }) => name),
    ['due-to-ack.p99'],
  );
});

test('every entry is a sentence that ends, and says what to do', () => {
  for (const { name } of explainedNames()) {
    for (const language of ['en', 'ko'] as const) {
      for (const { means, next } of explain(name, language)) {
        assert.match(means, /^\S.*[.]$/, name);
        assert.match(next, /^\S.*[.]$/, name);
      }
    }
  }
});

test('one name may be several things; an unknown one has a nearest, or none', () => {
  assert.equal(
    explain('failed', 'en').map(({ kind }) => kind),
    ['metric', 'cell verdict'],
  );
  assert.equal(explain('not-sustaind', 'en'), []);
  assert.is(nearestName('not-sustaind'), 'not-sustained');
  assert.is(nearestName('zzzzzzzzzzzzzzzzzzzz'), undefined);
});

test.run();
