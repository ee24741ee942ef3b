import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { parseYaml } from '../../../bench/common/yaml/yaml-source.ts';
import { suite } from '../../support/suite.ts';

const test = suite('YAML with its places');

function refused(text: string): readonly string[] {
  try {
    parseYaml('f.yaml', text);
  } catch (error) {
    if (error instanceof KsweepError && error.code === 'workload-invalid') return error.details;
    throw error;
  }
  throw new Error(`was read: ${text.slice(0, 40)}`);
}

test('a value that holds itself is refused where it does', () => {
  assert.equal(refused('name: cyc\nproducer: &p\n  linger.ms: 5\n  x: *p\n'), [
    'f.yaml:4:6: *p stands within what it names: a value cannot hold itself',
  ]);
  assert.match(refused('a: &a [1, &b { c: [*a] }]')[0] ?? '', /^f\.yaml:1:20: \*a stands within/);
  assert.match(refused('a: &a\n  <<: *a')[0] ?? '', /^f\.yaml:2:7: \*a stands within/);
});

test('an alias beside its anchor is read', () => {
  assert.equal(parseYaml('f.yaml', 'a: &a [1]\nb: *a').value, { a: [1], b: [1] });
});

test('nesting that would fill a stack is refused with its place, in every form', () => {
  for (const text of [
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    '['.repeat(5_000),
    '{a: '.repeat(5_000),
    '- '.repeat(5_000),
    Array.from({ length: 1_500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  ]) {
    assert.match(refused(text)[0] ?? '', /^f\.yaml:\d+:\d+: nested deeper than 64 levels$/);
  }
  assert.is(refused(`a: 1\nb: ${'['.repeat(100)}`)[0], 'f.yaml:2:68: nested deeper than 64 levels');
  assert.type(parseYaml('f.yaml', `${'['.repeat(60)}${']'.repeat(60)}`).value, 'object');
});

test('a file longer than anybody writes is refused before it is read', () => {
  assert.match(refused(`a: ${'x'.repeat(2_000_000)}`)[0] ?? '', /2000003 characters/);
});

test('keys that are no names are refused', () => {
  assert.equal(refused('__proto__: { polluted: 1 }'), ['f.yaml:1:1: no setting can be named __proto__']);
  assert.equal(refused('? [a]\n: 1'), ['f.yaml:1:3: expected a name for a key, not a list or a map']);
});

test.run();
