import * as assert from 'uvu/assert';
import { parseExposition } from '../../../bench/brokers/exposition.ts';
import { figuresBetween, isWanted, readingOf } from '../../../bench/brokers/figures.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { suite } from '../../support/suite.ts';

const test = suite('brokers’ metrics');

const all = (): boolean => true;
const reading = (text: string) => readingOf(parseExposition(text, isWanted));

test('names, labels with escapes, timestamps and comments', () => {
  const text = '# HELP a b\n# TYPE a gauge\na{x="1",y="say \\"hi\\"\\n"} 2.5 1700000000\nB 3e2\n';
  assert.equal(parseExposition(text, all), [
    { name: 'a', labels: { x: '1', y: 'say "hi"\n' }, value: 2.5 },
    { name: 'b', labels: {}, value: 300 },
  ]);
});

test('a page that lies costs a figure, and nothing else', () => {
  const text = 'a NaN\nb +Inf\nc{x="1 2\nd{,} 1\ne\n{} 4\nf{x="y"} 5\n\u0000\n';
  assert.equal(
    parseExposition(text, all).map(({ name }) => name),
    ['f'],
  );
});

test('anything at all can be read without an error, in time that grows with its size', () => {
  const random = createRandom(7);
  const pieces = ['a', '{', '}', '"', '\\', '=', ',', ' ', '\n', '1', 'NaN', '#', 'kafka_server_', '\u00e9'];
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 200 }, () => pieces[random.int(pieces.length)]).join('');
    for (const { value } of parseExposition(text, all)) assert.ok(Number.isFinite(value));
  }
  assert.is(parseExposition(`${'x'.repeat(2_000_000)}{`, all).length, 0);
  assert.is(parseExposition(`a{${'l="v",'.repeat(50_000)}`, all).length, 0);
});

test('the same figure by the names of each exporter', () => {
  const plain = reading(
    'kafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec"} 100\nkafka_server_BrokerTopicMetrics_Count{name="BytesInPerSec",topic="t"} 60\n' +
      'kafka_network_RequestMetrics_99thPercentile{name="TotalTimeMs",request="Produce"} 12\n',
  );
  assert.is(plain.bytesInPerSec, 100);
  assert.is(plain.produceTotalP99Ms, 12);
  const strimzi = reading(
    'kafka_server_brokertopicmetrics_bytesin_total 100\nkafka_network_requestmetrics_totaltimems{request="Produce",quantile="0.99"} 12\nkafka_network_requestmetrics_totaltimems{request="Produce",quantile="0.50"} 3\n',
  );
  assert.is(strimzi.bytesInPerSec, 100);
  assert.is(strimzi.produceTotalP99Ms, 12);
  const redpanda = reading(
    'redpanda_kafka_request_bytes_total{redpanda_request="produce"} 70\nredpanda_kafka_request_bytes_total{redpanda_request="consume"} 30\n',
  );
  assert.is(redpanda.bytesInPerSec, 70);
  assert.is(redpanda.bytesOutPerSec, 30);
});

test('counters become rates, gauges stay, and a counter that went backwards says nothing', () => {
  const page = (bytes: number, idleNs: number, parts: number) =>
    reading(
      `kafka_server_brokertopicmetrics_count{name="BytesInPerSec"} ${bytes}\n` +
        `kafka_server_kafkarequesthandlerpool_count{name="RequestHandlerAvgIdlePercent"} ${idleNs}\n` +
        `kafka_server_replicamanager_underreplicatedpartitions ${parts}\n`,
    );
  const figures = figuresBetween(page(1_000, 1e9, 0), page(5_000, 2.5e9, 2), 2);
  assert.is(figures.bytesInPerSec, 2_000);
  assert.is(figures.requestHandlerIdle, 0.75);
  assert.is(figures.underReplicated, 2);
  assert.is(figuresBetween(page(5_000, 2e9, 0), page(10, 1, 0), 1).bytesInPerSec, null);
});

test('processors of the process and of its host', () => {
  const page = (sec: number) =>
    reading(
      `process_cpu_seconds_total ${sec}\njava_lang_operatingsystem_availableprocessors 2\n` +
        [0, 1, 2, 3]
          .flatMap((cpu) =>
            ['idle', 'user'].map((mode) => `node_cpu_seconds_total{cpu="${cpu}",mode="${mode}"} ${sec / 2}`),
          )
          .join('\n'),
    );
  const figures = figuresBetween(page(10), page(12), 2);
  assert.equal(
    [figures.cpuPerSec, figures.processors, figures.hostProcessors, figures.hostIdlePerSec],
    [1, 2, 4, 2],
  );
});

test.run();
