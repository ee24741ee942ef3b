import { type ExitStatus, KsweepError } from '../../common/errors.ts';
import { consumerPerf, includePattern } from '../../perf/consumer-perf.ts';
import { dateFormat } from '../../perf/date-format.ts';
import { perfSettings } from '../../perf/settings.ts';
import { type ConsumerFlags, oneOfTwo, wholeNumber } from './flags.ts';
import { perfRun } from './run.ts';

const TIMEOUT_MS = 10_000;

/** `ksweep perf consumer`: returns the exit status. */
export async function consumerCommand(flags: ConsumerFlags): Promise<ExitStatus> {
  const records = oneOfTwo(
    { flag: '--num-records', value: flags.numRecords },
    { flag: '--messages', value: flags.messages },
  );
  if (records === undefined) throw new KsweepError('usage', '--num-records is required');
  const numRecords = wholeNumber('--num-records', records, 1);
  if ((flags.topic === undefined) === (flags.include === undefined)) {
    throw new KsweepError('usage', 'expected exactly one of --topic, --include');
  }
  if (flags.include !== undefined) includePattern(flags.include);
  const timeoutMs = flags.timeout === true ? TIMEOUT_MS : wholeNumber('--timeout', flags.timeout, 0);
  const intervalMs = wholeNumber('--reporting-interval', flags.reportingInterval, 1);
  const fetchSize = wholeNumber('--fetch-size', flags.fetchSize, 1);
  const socketBuffer = wholeNumber('--socket-buffer-size', flags.socketBufferSize, 1);
  const time = dateFormat(flags.dateFormat);
  const configFile = oneOfTwo(
    { flag: '--command-config', value: flags.commandConfig },
    { flag: '--consumer.config', value: flags['consumer.config'] },
  );
  const fromLatest = flags.fromLatest === true;
  return perfRun('consumer', flags.json === true, async ({ driver, print, note, signal }) => {
    if (flags.messages !== undefined) print('Warning: --messages is deprecated. Use --num-records instead.');
    if (flags['consumer.config'] !== undefined)
      print('Warning: --consumer.config is deprecated. Use --command-config instead.');
    const given = perfSettings(
      'consumer',
      {
        bootstrapServer: flags.bootstrapServer,
        configFile,
        properties: flags.commandProperty ?? [],
        // As in the tool, these go before what the properties say.
        own: {
          'max.partition.fetch.bytes': String(fetchSize),
          'receive.buffer.bytes': String(socketBuffer),
          'auto.offset.reset': fromLatest ? 'latest' : 'earliest',
          'check.crcs': 'false',
        },
      },
      process.env,
      note,
    );
    return consumerPerf({
      driver,
      topic: flags.topic,
      include: flags.include,
      numRecords,
      group: flags.group ?? `perf-consumer-${Math.floor(Math.random() * 100_000)}`,
      timeoutMs,
      intervalMs,
      detailed: flags.showDetailedStats === true,
      hideHeader: flags.hideHeader === true,
      fromLatest,
      printMetrics: flags.printMetrics === true,
      time,
      given,
      print,
      signal,
    });
  });
}
