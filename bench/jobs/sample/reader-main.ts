import { type ReadRecord, TopicReader } from '../../client/confluent/topic-reader.ts';
import { ClientError } from '../../client/driver.ts';
import { holdBackMs, planRanges, rateHistory, topicRecords } from './ranges.ts';
import type { FromReader, ReadOrder } from './reader-protocol.ts';

/** Entry of the process that reads a topic: the client's addon wants one of its own, and secrets come by its channel. */

const ANSWER_MS = 20_000;

const tell = (message: FromReader): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, () => resolve());
  });

const bytesOf = ({ key, value, headers }: ReadRecord): number =>
  headers.reduce(
    (sum, header) => sum + header.name.length + (header.value?.length ?? 0),
    (key?.length ?? 0) + (value?.length ?? 0),
  );

async function read({ settings, topic, asked, maxRate, limitBytes }: ReadOrder): Promise<void> {
  const reader = new TopicReader(settings, topic);
  try {
    const partitions = await reader.connect(ANSWER_MS);
    const bounds = await reader.bounds(partitions, ANSWER_MS);
    const at = (timeMs: number) => reader.offsetsAt(timeMs, partitions, ANSWER_MS);
    const history = await rateHistory(bounds, at, Date.now());
    await tell({ type: 'topic', partitions, topicRecords: topicRecords(bounds), history });
    const rounds = await planRanges(asked, bounds, at, Date.now());
    const startedAt = performance.now();
    let records = 0;
    let bytes = 0;
    for (const ranges of rounds) {
      if (bytes > limitBytes) break;
      await reader.read(ranges, (got) => {
        records += got.length;
        for (const record of got) bytes += bytesOf(record);
        if (got.length > 0) void tell({ type: 'records', records: got });
        return holdBackMs(maxRate, records, bytes, performance.now() - startedAt);
      });
    }
    await tell({ type: 'done', cut: bytes > limitBytes });
  } catch (error) {
    const code = error instanceof ClientError ? error.code : 'ERR__FAIL';
    const message = error instanceof Error ? error.message : String(error);
    const why = reader.complaint === null ? message : `${message}; the client says: ${reader.complaint}`;
    await tell({ type: 'failed', code, message: why });
  }
  await reader.close().catch(() => {});
  process.exit(0);
}

process.once('message', (order: ReadOrder) => void read(order));
// Whoever asked is gone.
process.once('disconnect', () => process.exit(0));
