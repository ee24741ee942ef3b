import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../bench/common/package-root.ts';

/** Without the name of a broker or a host. */
const kindOf = (resource: string): string =>
  resource.replace(/ (of|and) (load host|broker|the brokers).*| \(.*/, '');

/** How often what was named, such as "disk × 4, not known × 1". */
export function answersOf(named: readonly (string | null)[]): string {
  const counts = new Map<string, number>();
  for (const one of named) {
    const kind = one === null ? 'not known' : kindOf(one);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${kind} × ${count}`).join(', ');
}

/** Markdown. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Puts a table into docs/why.md in place of the one that begins with the same cell. */
export function writeIntoDocs(table: string): void {
  const file = join(packageRoot(), 'docs', 'why.md');
  const first = /^\| [^|]* \|/.exec(table)?.[0] ?? '';
  const old = new RegExp(`^${first.replaceAll('|', '\\|')}.*\\n(?:\\|.*\\n)*`, 'm');
  const before = readFileSync(file, 'utf8');
  const after = before.replace(old, () => `${table}\n`);
  if (!after.includes(table)) throw new Error(`${file} has no table that begins with "${first}"`);
  writeFileSync(file, after);
}
