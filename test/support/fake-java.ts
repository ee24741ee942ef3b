import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * What a `java` does that runs Kafka, as far as infra/local sees it, in a tenth of a second and without a JVM: it
 * formats, listens, answers ApiVersions, says that it has started, and ends by SIGTERM. FAKE_JAVA makes it misbehave:
 *   format-hangs · hangs · dies · port-taken (as often as the file FAKE_PORT_TAKEN counts)
 */
const mode = process.env['FAKE_JAVA'];
const words = process.argv.slice(2);
const main = words.find((word) => word.startsWith('kafka.') || word.startsWith('org.apache.'));
const forever = (): unknown => setInterval(() => {}, 60_000);

function portTaken(): boolean {
  const file = process.env['FAKE_PORT_TAKEN'];
  const left = file !== undefined && existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (file === undefined || left === 0) return false;
  writeFileSync(file, String(left - 1));
  return true;
}

function broker(configFile: string): void {
  console.log('[2026-01-01 00:00:00,000] INFO starting (kafka.server.KafkaRaftServer)');
  if (mode === 'hangs') {
    forever();
    return;
  }
  if (mode === 'dies') {
    console.log('[2026-01-01 00:00:00,001] ERROR the disk is on fire (kafka.server.BrokerServer)');
    process.exit(1);
  }
  if (portTaken()) {
    console.log('java.net.BindException: Address already in use');
    process.exit(1);
  }
  const [, port] = /CLIENT:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(configFile, 'utf8')) ?? [];
  const plainText = /protocol\.map=CLIENT:PLAINTEXT/.test(readFileSync(configFile, 'utf8'));
  const server = createServer((socket) => {
    socket.on('error', () => {});
    // A TLS listener is silent until the client says hello.
    socket.on('data', () => plainText && socket.write(Buffer.from([0, 0, 0, 6, 0, 0, 0, 1, 0, 0])));
  });
  server.listen(Number(port), '127.0.0.1', () => console.log('INFO Kafka Server started'));
  process.on('SIGTERM', () => {
    console.log('INFO shut down completed');
    process.exit(143);
  });
}

if (words.includes('-version')) console.error('openjdk version "17.0.1"');
else if (main === 'kafka.Kafka') broker(words.at(-1) ?? '');
else if (mode === 'format-hangs') forever();
