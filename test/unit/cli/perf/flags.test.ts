import { Command } from 'commander';
import * as assert from 'uvu/assert';
import { consumerCommand } from '../../../../bench/cli/perf/consumer.ts';
import { oneOfTwo, type ProducerFlags, throughputOf, wholeNumber } from '../../../../bench/cli/perf/flags.ts';
import { producerCommand } from '../../../../bench/cli/perf/producer.ts';
import { registerPerf } from '../../../../bench/cli/perf/register.ts';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { suite } from '../../../support/suite.ts';

/** What commander makes of the words of one tool; nothing is run. */
function parsed(tool: 'producer' | 'consumer', words: readonly string[]): Record<string, unknown> {
  const program = new Command().exitOverride();
  registerPerf(program);
  const command = program.commands[0]?.commands.find((one) => one.name() === tool);
  if (command === undefined) throw new Error('there is no such command');
  command.exitOverride().configureOutput({ writeErr: () => {} });
  command.action(() => {});
  program.parse(['perf', tool, ...words], { from: 'user' });
  return command.opts();
}

async function refused(work: Promise<unknown>, why: RegExp): Promise<void> {
  const error = await work.then(
    () => undefined,
    (one: unknown) => one,
  );
  assert.instance(error, KsweepError);
  assert.is((error as KsweepError).exitStatus, 1);
  assert.match((error as KsweepError).message, why);
}

const PRODUCER: ProducerFlags = {
  topic: 't',
  bootstrapServer: '127.0.0.1:1',
  numRecords: '10',
  recordSize: '100',
  throughput: '-1',
  payloadDelimiter: '\\n',
  warmupRecords: '0',
  reportingInterval: '5000',
};

const test = suite('cli/perf/flags');

test('every flag of kafka-producer-perf-test 4.3 is taken, the older ones too', () => {
  const flags = parsed('producer', [
    ...['--bootstrap-server', 'a:1', '--topic', 't', '--num-records', '5', '--throughput', '-1'],
    ...['--command-property', 'acks=1', 'linger.ms=5', '--record-size', '10', '--payload-delimiter', ';'],
    ...['--print-metrics', '--transactional-id', 'x', '--transaction-duration-ms', '100'],
    ...['--warmup-records', '1', '--reporting-interval', '100', '--command-config', 'c'],
  ]);
  assert.is(flags['throughput'], '-1');
  assert.equal(flags['commandProperty'], ['acks=1', 'linger.ms=5']);
  assert.is(flags['transactionDurationMs'], '100');
  const older = parsed('producer', [
    ...['--topic', 't', '--num-records', '5', '--throughput', '0.5', '--payload-monotonic'],
    ...['--producer-props', 'bootstrap.servers=a:1', 'acks=1', '--producer.config', 'file'],
  ]);
  assert.equal(older['producerProps'], ['bootstrap.servers=a:1', 'acks=1']);
  assert.is(older['producer.config'], 'file');
  assert.is(older['payloadMonotonic'], true);
});

test('every flag of kafka-consumer-perf-test 4.3 is taken, the older ones too', () => {
  const flags = parsed('consumer', [
    ...['--bootstrap-server', 'a:1', '--include', 'o.*', '--num-records', '5', '--group', 'g'],
    ...['--fetch-size', '10', '--socket-buffer-size', '20', '--from-latest', '--timeout', '--hide-header'],
    ...['--show-detailed-stats', '--reporting-interval', '100', '--date-format', 'HH', '--print-metrics'],
    ...['--command-property', 'a=b', '--command-property', 'c=d', '--command-config', 'c'],
  ]);
  assert.is(flags['timeout'], true, 'its value may be left out');
  assert.equal(flags['commandProperty'], ['a=b', 'c=d']);
  assert.ok(flags['fromLatest'] && flags['showDetailedStats'] && flags['hideHeader']);
  const older = parsed('consumer', [
    ...['--bootstrap-server', 'a:1', '--topic', 't', '--messages', '5', '--consumer.config', 'file'],
  ]);
  assert.equal([older['messages'], older['consumer.config'], older['timeout']], ['5', 'file', '10000']);
});

test('throughput: fractions, -1 for no limit, and not 0', () => {
  assert.is(throughputOf('0.25'), 0.25);
  assert.is(throughputOf('1e3'), 1000);
  assert.is(throughputOf('-1'), null);
  for (const text of ['0', 'fast', '', 'Infinity']) {
    assert.throws(
      () => throughputOf(text),
      (error: Error) => error.message.startsWith(`--throughput ${text}:`),
    );
  }
});

test('whole numbers have their least, and two names of one flag exclude each other', () => {
  assert.is(wholeNumber('--n', '7', 1), 7);
  for (const text of ['0', '-1', '1.5', 'x', '1e3', '99999999999999999999']) {
    assert.throws(
      () => wholeNumber('--n', text, 1),
      (error: Error) => /--n .*whole number/.test(error.message),
    );
  }
  const given = (flag: string, value?: number) => ({ flag, value });
  assert.is(oneOfTwo(given('--a'), given('--b', 2)), 2);
  assert.throws(
    () => oneOfTwo(given('--a', 1), given('--b', 2)),
    (error: Error) => /--a and --b cannot be specified together/.test(error.message),
  );
});

test('what the tool refuses is refused before anything is connected', async () => {
  const { recordSize: _, ...none } = PRODUCER;
  await refused(producerCommand(none), /exactly one of --record-size/);
  await refused(producerCommand({ ...PRODUCER, payloadMonotonic: true }), /exactly one of --record-size/);
  await refused(producerCommand({ ...PRODUCER, warmupRecords: '10' }), /fewer than --num-records/);
  await refused(producerCommand({ ...PRODUCER, reportingInterval: '0' }), /--reporting-interval 0/);
  await refused(producerCommand({ ...PRODUCER, transactionDurationMs: '0' }), /--transaction-duration-ms 0/);
  await refused(producerCommand({ ...PRODUCER, recordSize: '0' }), /--record-size 0/);
  await refused(
    producerCommand({ ...PRODUCER, producerProps: ['acks=1'], commandProperty: ['acks=1'] }),
    /cannot be specified together/,
  );
  await refused(
    producerCommand({ ...PRODUCER, commandProperty: ['akcs=1'] }),
    /settings that cannot be used/,
  );

  const consumer = {
    bootstrapServer: '127.0.0.1:1',
    topic: 't',
    numRecords: '5',
    fetchSize: '1',
    socketBufferSize: '1',
    timeout: '1000',
    reportingInterval: '5000',
    dateFormat: 'HH',
  };
  await refused(consumerCommand({ ...consumer, include: 'x' }), /exactly one of --topic, --include/);
  await refused(consumerCommand({ ...consumer, messages: '5' }), /cannot be specified together/);
  const { topic: _topic, ...untold } = consumer;
  await refused(consumerCommand({ ...untold, include: '(' }), /--include \(/);
  const { numRecords: _records, ...endless } = consumer;
  await refused(consumerCommand(endless), /--num-records is required/);
});

test.run();
