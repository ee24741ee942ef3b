import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../bench/common/package-root.ts';
import { confusionTable } from './confusion.ts';

/** `npm run confusion`: prints which causes are named, and writes it into docs/why.md. */

const file = join(packageRoot(), 'docs', 'why.md');
const table = confusionTable();
const before = readFileSync(file, 'utf8');
const after = before.replace(/^\| Put in \|.*\n(?:\|.*\n)*/m, () => `${table}\n`);
console.log(table);
if (!after.includes(table)) throw new Error(`${file} has no table that begins with "| Put in |"`);
writeFileSync(file, after);
