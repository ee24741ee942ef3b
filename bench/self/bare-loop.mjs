// The yardstick of `npm run bench:self`: the least code that produces or consumes with the client, as a process of
// its own. It measures nothing but its own rate, which is what the harness is compared with.
import { readFileSync } from 'node:fs';
import Kafka from '@confluentinc/kafka-javascript';

const { role, settings, topic, records, sizeBytes, corpusFile } = JSON.parse(process.argv[2]);

/** Payloads of the same corpus that the harness sends: identical ones would compress and cache better. */
function payloads() {
  const file = readFileSync(corpusFile);
  const count = Math.min(file.readUInt32LE(8), 100_000);
  const start = file.length - file.readDoubleLE(16);
  return Array.from({ length: count }, (_, i) =>
    file.subarray(start + i * sizeBytes, start + (i + 1) * sizeBytes),
  );
}

function report(seconds) {
  process.stdout.write(`${JSON.stringify({ ratePerSec: records / seconds })}\n`);
  process.exit(0);
}

if (role === 'produce') {
  let reports = 0;
  const producer = new Kafka.Producer({ ...settings, dr_cb: () => reports++ });
  producer.connect({}, () => {
    producer.setPollInBackground(true);
    const messages = payloads();
    const startedAt = performance.now();
    let sent = 0;
    const turn = () => {
      for (let burst = 0; burst < 100 && sent < records; burst++) {
        try {
          producer.produce(topic, -1, messages[sent % messages.length], null, null, sent);
          sent++;
        } catch {
          break;
        }
      }
      if (sent < records || reports < records) setImmediate(turn);
      else report((performance.now() - startedAt) / 1000);
    };
    turn();
  });
} else {
  const consumer = new Kafka.KafkaConsumer(settings);
  consumer.setDefaultConsumeTimeout(100);
  consumer.setDefaultIsTimeoutOnlyForFirstMessage(true);
  let received = 0;
  let startedAt = 0;
  consumer.connect({}, () => {
    consumer.subscribe([topic]);
    const poll = () => {
      consumer.consume(10_000, (_error, messages) => {
        if (startedAt === 0 && messages.length > 0) startedAt = performance.now();
        received += messages.length;
        if (received >= records) report((performance.now() - startedAt) / 1000);
        else poll();
      });
    };
    poll();
  });
}
