// Records how Java reads the questions of cases.json: node test/support/java-readers/record.mjs KAFKA_JARS
// Needs a JDK; the answers are kept, so that the tests need none.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [jars] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(join(here, 'cases.json'), 'utf8'));
const input = cases
  .map(
    ({ kind, text }) =>
      `${kind} ${Buffer.from(text, kind === 'properties' ? 'latin1' : 'utf8').toString('base64')}`,
  )
  .join('\n');
const answers = execFileSync('java', ['-cp', `${jars}/*`, join(here, 'Readers.java')], {
  input: `${input}\n`,
  encoding: 'utf8',
})
  .trimEnd()
  .split('\n');
const plain = (text) => Buffer.from(text, 'base64').toString('utf8');
const recorded = cases.map(({ kind, text }, index) => {
  const [word, ...pairs] = answers[index].split(' ');
  const read = word === 'read' ? Object.fromEntries(pairs.map((pair) => pair.split(':').map(plain))) : null;
  return { kind, text, read };
});
writeFileSync(join(here, 'cases.json'), `${JSON.stringify(recorded, null, 2)}\n`);
