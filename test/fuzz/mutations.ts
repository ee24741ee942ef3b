import fc from 'fast-check';

/** One change to a text: which, where, and with what; each number is taken modulo what there is. */
export interface Mutation {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly to: number;
  readonly value: string;
}

/** Of the tree: keys and values, as people mistype, misplace and overdo them. Of the text: what editors and copies do. */
export const TREE_KINDS = [
  'set-value',
  'rename-key',
  'delete-pair',
  'repeat-pair',
  'swap-values',
  'alias-ancestor',
  'alias-other',
  'wrap-in-list',
  'nest-deeply',
  'add-pair',
  'scale-number',
  'empty-value',
] as const;
export const TEXT_KINDS = [
  'delete-char',
  'insert-text',
  'repeat-line',
  'delete-line',
  'indent-line',
  'cut-off',
  'carriage-returns',
  'mark',
  'swap-lines',
] as const;
const KINDS = [...TREE_KINDS, ...TEXT_KINDS] as const;

/** What hand-written files hold that no schema means, or means only somewhere else. */
const HOSTILE = [
  'toString',
  'hasOwnProperty',
  'constructor',
  '__proto__',
  'prototype',
  'valueOf',
  'null',
  '~',
  'true',
  'no',
  '.inf',
  '-.inf',
  '.nan',
  '-1',
  '0',
  '-0',
  '1e400',
  '1e-400',
  '2000000000',
  '9007199254740993',
  '0x1f',
  '1_000',
  '1,000',
  '3.5',
  '""',
  "''",
  '" "',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{a: }',
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  '12:30:45',
  '5MB/s',
  '5 TB/day',
  '20k/s',
  '100 B',
  '1.5h',
  '10 minutes',
  '1e3s',
  '99999999999d',
  'max',
  'all',
  '5%',
  '½',
  'ß',
  '日本語',
  '\u202e',
  '💥',
  '!!binary aGk=',
  '!!set {a}',
  '&a x',
  '*a',
  '*nowhere',
  '<<',
  '| ',
  '> ',
  '@',
  '`',
  '%',
  '#',
  '- -',
  '? x',
  'a: b: c',
  '{',
  ']',
  '"',
  "'",
  '\\',
  '$HOME',
  '$(id)',
  '../../../etc/passwd',
  '/dev/zero',
  '/',
  '.',
  'p99',
  'due-to-ack p99 < 20ms',
  'lost == 0',
  'toString < 5',
  'm7g.large',
  't4g.nano',
  'us-east-1',
  '0.0.0.0/0',
  'kill-consumer',
  'search',
  'steps',
  'zipf',
  'screen',
  'halving',
  'gzip',
  'zstd',
  'cooperative-sticky',
  'zone',
] as const;

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.double({ noDefaultInfinity: false }).map(String) },
  { weight: 1, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40, unit: 'grapheme' }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((length) => 'x'.repeat(length)) },
);

const mutation = (kinds: readonly Mutation['kind'][]): fc.Arbitrary<Mutation> =>
  fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(), to: fc.nat(), value });

/** One to four changes, of the tree first: a text that is torn afterwards has no tree. */
export const yamlMutations: fc.Arbitrary<readonly Mutation[]> = fc
  .tuple(
    fc.array(mutation(TREE_KINDS), { minLength: 0, maxLength: 3 }),
    fc.array(mutation(TEXT_KINDS), { minLength: 0, maxLength: 1 }),
  )
  .filter(([tree, text]) => tree.length + text.length > 0)
  .map(([tree, text]) => [...tree, ...text]);

/** For files that are no YAML. */
export const textMutations: fc.Arbitrary<readonly Mutation[]> = fc.array(mutation(TEXT_KINDS), {
  minLength: 1,
  maxLength: 4,
});
