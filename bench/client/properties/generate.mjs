// Writes librdkafka.json beside this file: the property names of the installed client, by role, from its type
// declarations (which are generated from librdkafka's CONFIGURATION.md). Run it after an upgrade of the client.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const manifest = createRequire(import.meta.url).resolve('@confluentinc/kafka-javascript/package.json');
const { librdkafka } = JSON.parse(readFileSync(manifest, 'utf8'));
const declarations = readFileSync(join(dirname(manifest), 'types', 'config.d.ts'), 'utf8');

const names = {};
let section = '';
for (const line of declarations.split('\n')) {
  const opened = /^export interface (\w+)/.exec(line);
  if (opened) {
    section = opened[1];
    names[section] = [];
  }
  const property = /^\s{4}"([a-z0-9._]+)"\?:/.exec(line);
  if (property && section !== '') names[section].push(property[1]);
}

const of = (role) =>
  [
    ...new Set([
      ...names.GlobalConfig,
      ...names[`${role}GlobalConfig`],
      ...names.TopicConfig,
      ...names[`${role}TopicConfig`],
    ]),
  ].sort();

const target = join(dirname(fileURLToPath(import.meta.url)), 'librdkafka.json');
writeFileSync(
  target,
  `${JSON.stringify({ librdkafka, producer: of('Producer'), consumer: of('Consumer') }, null, 2)}\n`,
);
