import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Property } from '../../../../bench/client/properties/property.ts';
import { PROPERTIES } from '../../../../bench/client/properties/table.ts';
import {
  propertyProblems,
  translateConsumer,
  translateProducer,
} from '../../../../bench/client/properties/translate.ts';
// Printed by ProducerConfig.configDef() and ConsumerConfig.configDef() of kafka-clients 4.3.0; null: no plain default.
import java from '../../../support/java-defaults.json' with { type: 'json' };
import { suite } from '../../../support/suite.ts';

const test = suite('properties against both clients’ defaults');

const ROLES = ['producer', 'consumer'] as const;
type Role = (typeof ROLES)[number];

/** Defaults of the installed librdkafka, from the table that comes with it; the first one of a name is the global one. */
function librdkafkaDefaults(role: Role): Map<string, string> {
  const manifest = createRequire(import.meta.url).resolve('@confluentinc/kafka-javascript/package.json');
  const file = join(dirname(manifest), 'deps', 'librdkafka', 'CONFIGURATION.md');
  const defaults = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [name, whose, , value] = line.split('|').map((cell) => cell.trim());
    const applies = whose === '*' || whose === (role === 'producer' ? 'P' : 'C');
    if (name !== undefined && applies && value !== undefined && !defaults.has(name))
      defaults.set(name, value);
  }
  assert.ok(defaults.size > 80);
  return defaults;
}

const rowsOf = (role: Role): readonly Property[] =>
  PROPERTIES.filter((property) => property.role === role || property.role === 'both');

/** librdkafka documents acks=all as -1. */
const shown = (value: unknown): string => (value === 'all' ? '-1' : String(value));

for (const role of ROLES) {
  const javaDefaults: Readonly<Record<string, unknown>> = java[role];

  test(`the table’s defaults of a ${role} are Java’s`, () => {
    for (const { kafka, javaDefault } of rowsOf(role)) {
      const own = javaDefaults[kafka] ?? undefined;
      // Class names in Java, short names here.
      if (kafka === 'partitioner' || kafka === 'partition.assignment.strategy') continue;
      if (/^compression\..+\.level$/.test(kafka)) continue;
      assert.is(javaDefault, own, kafka);
    }
  });

  test(`a default of a ${role} that differs in librdkafka is known to differ`, () => {
    const theirs = librdkafkaDefaults(role);
    for (const { kafka, librdkafka, ...row } of rowsOf(role)) {
      if (librdkafka === null || (row.javaDefault ?? row.librdkafkaDefault) === undefined) continue;
      const documented = theirs.get(librdkafka);
      assert.ok(documented !== undefined, `librdkafka documents no ${librdkafka}`);
      if (row.librdkafkaDefault === undefined && row.ownPin !== undefined) continue;
      // The row's own figure is in Kafka's unit, as what Java would be asked for.
      const expected = row.librdkafkaDefault ?? row.javaDefault ?? '';
      assert.is(shown(row.convert?.(expected) ?? expected), documented, kafka);
    }
  });

  test(`every setting of Java’s ${role} is translated, passed on as it is, or refused with its reason`, () => {
    const theirs = librdkafkaDefaults(role);
    const rows = new Set(rowsOf(role).map(({ kafka }) => kafka));
    for (const [name, value] of Object.entries(javaDefaults)) {
      const [problem] = propertyProblems(role, {
        [name]: (value as string | number | boolean | null) ?? 'x',
      });
      if (problem !== undefined)
        assert.not.match(problem.message, /is no |is a (producer|consumer) setting/, name);
      if (rows.has(name) || value === null || problem !== undefined) continue;
      assert.is(theirs.get(name), String(value), `${name} passes to librdkafka, whose default differs`);
    }
  });
}

test('socket buffers, connection set-up and request timeouts are those of the Java client', () => {
  const [producer, consumer] = [translateProducer({}).client, translateConsumer({}).client];
  assert.equal(
    [producer['socket.send.buffer.bytes'], producer['socket.receive.buffer.bytes']],
    [131_072, 32_768],
  );
  assert.is(consumer['socket.receive.buffer.bytes'], 65_536);
  assert.is(consumer['socket.timeout.ms'], 30_000);
  assert.is(consumer['allow.auto.create.topics'], false);
  assert.is(translateProducer({ 'send.buffer.bytes': -1 }).client['socket.send.buffer.bytes'], 0);
});

test('a range that is narrower in librdkafka says so', () => {
  const [problem] = propertyProblems('producer', { 'compression.zstd.level': 19 });
  assert.match(problem?.message ?? '', /from 1 to 12, got 19: Java takes up to 22, librdkafka up to 12/);
});

test.run();
