import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { AVOIDED, TERMS, termsPage } from '../../bench/messages/terms.ts';
import { suite } from '../support/suite.ts';
import { textsOf } from '../support/texts.ts';

const test = suite('words');
const root = packageRoot();

/** Everything that a person reads: pages whole, of sources the strings; the glossary names what it forbids. */
function texts(): { readonly where: string; readonly text: string }[] {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...filesIn('docs', /\.md$/),
    ...filesIn('workloads', /\.ya?ml$/),
  ];
  const sources = ['bench', 'infra', 'reports'].flatMap((folder) => filesIn(folder, /\.(ts|mjs)$/));
  return [
    ...pages
      .filter((file) => file !== join('docs', 'terms.md'))
      .flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .map((text, index) => ({ where: `${file}:${index + 1}`, text })),
      ),
    ...sources
      .filter((file) => file !== join('bench', 'messages', 'terms.ts'))
      .flatMap((file) =>
        textsOf(readFileSync(join(root, file), 'utf8')).map((text) => ({ where: file, text })),
      ),
  ];
}

function filesIn(folder: string, name: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file));
}

const wordOf = (text: string): RegExp =>
  new RegExp(`(?<![\\w-])${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'i');

test('no text uses another word for a term, or a phrase that has to be guessed at', () => {
  const all = texts();
  assert.ok(all.length > 5_000, String(all.length));
  const rules = [
    ...TERMS.flatMap(({ term, not }) => not.map((other) => ({ phrase: wordOf(other), instead: term }))),
    ...AVOIDED,
  ];
  const found = all.flatMap(({ where, text }) =>
    rules
      .filter(({ phrase }) => phrase.test(text))
      .map(
        ({ phrase, instead }) => `${where}: ${phrase.exec(text)?.[0]} → ${instead}: ${text.slice(0, 120)}`,
      ),
  );
  assert.equal(found, []);
});

test('the glossary’s page is the glossary', () => {
  assert.is(readFileSync(join(root, 'docs', 'terms.md'), 'utf8'), termsPage());
});

test('a term is defined once, and is nobody else’s forbidden word', () => {
  const names = TERMS.map(({ term }) => term);
  assert.is(new Set(names).size, names.length);
  const forbidden = TERMS.flatMap(({ not }) => not);
  assert.is(new Set(forbidden).size, forbidden.length);
  for (const word of forbidden) assert.not.ok(names.includes(word), word);
});

test('strings are found in sources, comments are not', () => {
  const source = [
    '// it cannot',
    "const a = 'one two'; /* 'no' */",
    'const b = `three four`; // "x"',
    'const c = "it\'s";',
  ].join('\n');
  assert.equal(textsOf(source), ['one two', 'three four', "it's"]);
});

test.run();
