import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { suite } from '../support/suite.ts';

interface Override {
  readonly includes: readonly string[];
  readonly linter: {
    readonly rules: {
      readonly style: {
        readonly noRestrictedImports:
          | 'off'
          | {
              readonly options: {
                readonly paths: Readonly<Record<string, string>>;
                readonly patterns: readonly { readonly group: readonly string[] }[];
              };
            };
      };
    };
  };
}

const page = readFileSync(join(packageRoot(), 'ARCHITECTURE.md'), 'utf8');
const biome = JSON.parse(readFileSync(join(packageRoot(), 'biome.json'), 'utf8')) as {
  readonly overrides: readonly Override[];
};

const section = (title: string): string => {
  const [, after = ''] = page.split(`## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
};

/** The table of rooms: what each may import, by the last part of its path. */
const rooms = new Map(
  [...section('The rooms').matchAll(/^\| `([a-z/]+)` \| .* \| ([a-z, –]+) \|$/gm)].map(
    ([, path = '', may = '']) => [path, may === '–' ? [] : may.split(', ')] as const,
  ),
);
const nameOf = (path: string): string => path.replace('bench/', '');

const rulesOf = (path: string): Override | undefined =>
  biome.overrides.find(({ includes }) => includes.some((glob) => glob.startsWith(`${path}/**`)));

const test = suite('rooms');

test('every folder of bench/ is a room, and no file lies loose in it', () => {
  const entries = readdirSync(join(packageRoot(), 'bench'), { withFileTypes: true });
  assert.equal(
    entries.map((entry) => (entry.isDirectory() ? `bench/${entry.name}` : `loose: ${entry.name}`)).sort(),
    [...rooms.keys()].filter((path) => path.startsWith('bench/')).sort(),
  );
});

test('the linter refuses exactly what the table does not allow', () => {
  for (const [path, may] of rooms) {
    const own = nameOf(path);
    // Outside bench/ a room's imports of it hold the whole path; reports/run is no bench/run.
    const pattern = (other: string): string =>
      !path.startsWith('bench/') && other.startsWith('bench/') ? `**/${other}/**` : `**/${nameOf(other)}/**`;
    const refused = [...rooms.keys()].filter((other) => {
      const name = nameOf(other);
      return name !== own && !may.includes(name) && !(path === 'reports' && other === 'infra');
    });
    const rule = rulesOf(path)?.linter.rules.style.noRestrictedImports;
    if (refused.length === 0) continue;
    if (rule === undefined || rule === 'off') throw new Error(`biome.json has no rule for ${path}`);
    assert.equal(
      rule.options.patterns.flatMap(({ group }) => group).toSorted(),
      refused.map(pattern).toSorted(),
      path,
    );
    assert.is('commander' in rule.options.paths, path !== 'bench/cli', path);
    assert.ok('@confluentinc/kafka-javascript' in rule.options.paths, path);
  }
});

test('what a room may import lies below it: rooms form no circle', () => {
  const below = new Map([...rooms].map(([path, may]) => [nameOf(path), may]));
  const visit = (name: string, trail: readonly string[]): void => {
    assert.not.ok(trail.includes(name), [...trail, name].join(' → '));
    for (const next of below.get(name) ?? []) visit(next, [...trail, name]);
  };
  for (const name of below.keys()) visit(name, []);
});

test('the two walks name files that are there, six at most', () => {
  const walks = section('Two walks')
    .split(/^From /m)
    .slice(1);
  assert.is(walks.length, 2);
  for (const walk of walks) {
    const files = [...walk.matchAll(/`([a-z/-]+\.ts)`/g)].map(([, file = '']) => file);
    assert.ok(files.length > 0 && files.length <= 6, `${files.length} files`);
    for (const file of files) assert.ok(existsSync(join(packageRoot(), file)), `${file} is not there`);
  }
});

test.run();
