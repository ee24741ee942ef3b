import type { Command } from 'commander';
import { DEFAULT_DATE_FORMAT } from '../../perf/date-format.ts';
import type { ConsumerFlags, ProducerFlags } from './flags.ts';

const JSON_OPTION = [
  '--json',
  'print the honest figures as one JSON document on stdout, and the tool’s lines on stderr',
] as const;

/** `ksweep perf producer|consumer`: the flags and lines of Kafka 4.3's own tools, with honest figures beside. */
export function registerPerf(program: Command): void {
  const perf = program
    .command('perf')
    .description('Kafka’s own perf-test tools by their flags and lines, with honest figures beside.');
  registerProducer(perf);
  registerConsumer(perf);
}

function registerProducer(perf: Command): void {
  perf
    .command('producer')
    .description(
      'As kafka-producer-perf-test; exit 3 where records failed, were lost or were not offered in time.',
    )
    .requiredOption('--topic <topic>', 'produce records to this topic')
    .requiredOption('--num-records <n>', 'number of records to produce')
    .requiredOption('--throughput <n>', 'records a second, fractions too; -1: no limit')
    .option('--bootstrap-server <host:port,…>', 'goes before bootstrap.servers of properties and config file')
    .option('--record-size <bytes>', 'bytes of random letters; this, --payload-file or --payload-monotonic')
    .option('--payload-file <file>', 'UTF-8 text with payloads, one of which is drawn for each record')
    .option('--payload-delimiter <regex>', 'what stands between payloads in the file', '\\n')
    .option('--payload-monotonic', 'the payload is the record’s number')
    .option(
      '--command-property <name=value...>',
      'producer settings by Kafka’s names; go before --command-config',
    )
    .option('--command-config <file>', 'producer settings and security (Kafka’s names)')
    .option('--producer-props <name=value...>', 'older name of --command-property')
    .option('--producer.config <file>', 'older name of --command-config')
    .option('--print-metrics', 'print the client’s metrics at the end')
    .option('--transactional-id <id>', 'goes before transactional.id of properties and config file')
    .option('--transaction-duration-ms <ms>', 'commit a transaction after so long (with transactions: 3000)')
    .option('--warmup-records <n>', 'records that the steady-state summary leaves out', '0')
    .option('--reporting-interval <ms>', 'how often to print progress', '5000')
    .option(...JSON_OPTION)
    .action(async (flags: ProducerFlags) => {
      const { producerCommand } = await import('./producer.ts');
      process.exitCode = await producerCommand(flags);
    });
}

function registerConsumer(perf: Command): void {
  perf
    .command('consumer')
    .description('As kafka-consumer-perf-test; exit 3 where fewer records came than were asked for.')
    .requiredOption('--bootstrap-server <host:port,…>', 'the server(s) to connect to')
    .option('--topic <topic>', 'the topic to consume from; this or --include')
    .option('--include <regex>', 'topics to consume from, by their whole names')
    .option('--num-records <n>', 'number of records to consume')
    .option('--messages <n>', 'older name of --num-records')
    .option('--group <id>', 'the consumer group (default: perf-consumer- and a number)')
    .option('--fetch-size <bytes>', 'most to fetch of a partition in a request', '1048576')
    .option('--socket-buffer-size <bytes>', 'size of the TCP receive buffer', '2097152')
    .option('--from-latest', 'a group without offsets starts with new records, not with the earliest')
    .option('--timeout [ms]', 'longest wait for a record', '10000')
    .option('--reporting-interval <ms>', 'how often to print progress', '5000')
    .option('--show-detailed-stats', 'print progress each reporting interval, instead of one line at the end')
    .option('--hide-header', 'leave out the header')
    .option(
      '--date-format <pattern>',
      'of the times, as java.text.SimpleDateFormat has it',
      DEFAULT_DATE_FORMAT,
    )
    .option('--print-metrics', 'print the client’s metrics at the end')
    .option(
      '--command-property <name=value...>',
      'consumer settings by Kafka’s names; go before --command-config',
    )
    .option('--command-config <file>', 'consumer settings and security (Kafka’s names)')
    .option('--consumer.config <file>', 'older name of --command-config')
    .option(...JSON_OPTION)
    .action(async (flags: ConsumerFlags) => {
      const { consumerCommand } = await import('./consumer.ts');
      process.exitCode = await consumerCommand(flags);
    });
}
