import { type ExitStatus, KsweepError } from '../../common/errors.ts';
import { monotonicPayloads, type Payloads, randomPayloads, readPayloadFile } from '../../perf/payloads.ts';
import { producerPerf } from '../../perf/producer-perf.ts';
import { perfSettings } from '../../perf/settings.ts';
import { oneOfTwo, type ProducerFlags, throughputOf, wholeNumber } from './flags.ts';
import { perfRun } from './run.ts';

/** `ksweep perf producer`: returns the exit status. */
export async function producerCommand(flags: ProducerFlags): Promise<ExitStatus> {
  const numRecords = wholeNumber('--num-records', flags.numRecords, 1);
  const warmupRecords = wholeNumber('--warmup-records', flags.warmupRecords, 0);
  if (warmupRecords >= numRecords) {
    throw new KsweepError(
      'usage',
      `--warmup-records ${warmupRecords}: expected fewer than --num-records (${numRecords})`,
    );
  }
  const intervalMs = wholeNumber('--reporting-interval', flags.reportingInterval, 1);
  const perSec = throughputOf(flags.throughput);
  const transactionMs =
    flags.transactionDurationMs === undefined
      ? undefined
      : wholeNumber('--transaction-duration-ms', flags.transactionDurationMs, 1);
  const properties = oneOfTwo(
    { flag: '--command-property', value: flags.commandProperty },
    { flag: '--producer-props', value: flags.producerProps },
  );
  const configFile = oneOfTwo(
    { flag: '--command-config', value: flags.commandConfig },
    { flag: '--producer.config', value: flags['producer.config'] },
  );
  refuseSeveralPayloads(flags);
  return perfRun('producer', flags.json === true, async ({ driver, print, note, signal }) => {
    if (flags.producerProps !== undefined) print(deprecated('--producer-props', '--command-property'));
    if (flags['producer.config'] !== undefined) print(deprecated('--producer.config', '--command-config'));
    const payloads = payloadsOf(flags, print);
    const given = perfSettings(
      'producer',
      { bootstrapServer: flags.bootstrapServer, configFile, properties: properties ?? [], own: {} },
      process.env,
      note,
    );
    return producerPerf({
      driver,
      topic: flags.topic,
      numRecords,
      perSec,
      payloads,
      warmupRecords,
      intervalMs,
      printMetrics: flags.printMetrics === true,
      transactionalId: flags.transactionalId,
      transactionMs,
      given,
      print,
      signal,
    });
  });
}

const deprecated = (older: string, newer: string): string =>
  `Option ${older} has been deprecated and will be removed in a future version. Use ${newer} instead.`;

function refuseSeveralPayloads({ recordSize, payloadFile, payloadMonotonic }: ProducerFlags): void {
  if ([recordSize, payloadFile, payloadMonotonic].filter((one) => one !== undefined).length === 1) return;
  throw new KsweepError(
    'usage',
    'expected exactly one of --record-size, --payload-file, --payload-monotonic',
  );
}

function payloadsOf(
  { recordSize, payloadFile, payloadDelimiter }: ProducerFlags,
  print: (line: string) => void,
): (burstRows: number) => Payloads {
  if (recordSize !== undefined) {
    const sizeBytes = wholeNumber('--record-size', recordSize, 1);
    return () => randomPayloads(sizeBytes);
  }
  if (payloadFile === undefined) return monotonicPayloads;
  const read = readPayloadFile(payloadFile, payloadDelimiter, print);
  return () => read;
}
