import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import * as assert from 'uvu/assert';
import { parseAddresses } from '../../bench/client/reach/addresses.ts';
import { diagnose, diagnoseAll } from '../../bench/client/reach/diagnose.ts';
import { suite } from '../support/suite.ts';

const test = suite('what keeps a client from a broker');
let folder: string;
const servers: Server[] = [];
const at = (name: string): string => join(folder, name);
const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });

/** A certificate by the CA, for `subject`, valid from and until these days of the year 2020 or of a later one. */
function certificate(name: string, subject: string, from: string, until: string): void {
  openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    '/CN=broker',
  );
  writeFileSync(at('san.cnf'), `subjectAltName=${subject}\n`);
  openssl(
    ...['ca', '-batch', '-config', 'ca.cnf', '-startdate', from, '-enddate', until, '-extfile', 'san.cnf'],
    ...['-in', `${name}.csr`, '-out', `${name}.pem`, '-notext'],
  );
}

test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-days',
    '30',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=ca',
  );
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), '01\n');
  writeFileSync(
    at('ca.cnf'),
    '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ncertificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n',
  );
  const year = new Date().getUTCFullYear();
  certificate('good', 'IP:127.0.0.1', '20200101000000Z', `${year + 2}0101000000Z`);
  certificate('other', 'DNS:kafka-7.example.com', '20200101000000Z', `${year + 2}0101000000Z`);
  certificate('expired', 'IP:127.0.0.1', '20200101000000Z', '20200201000000Z');
  certificate('early', 'IP:127.0.0.1', `${year + 1}0601000000Z`, `${year + 2}0101000000Z`);
});
test.after(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<{ host: string; port: number }> {
  servers.push(server);
  server.on('connection', (socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
const withCertificate = (name: string) =>
  listening(
    createTlsServer({ cert: readFileSync(at(`${name}.pem`)), key: readFileSync(at(`${name}.key`)) }).on(
      'tlsClientError',
      () => {},
    ),
  );
const tls = () => ({ 'security.protocol': 'ssl', 'ssl.ca.location': at('ca.pem') });
const problem = async (address: { host: string; port: number }, settings = {}): Promise<string> => {
  const found = await diagnose(address, settings);
  if (found === null) return 'none';
  assert.ok(found.remedy.length > 0);
  return found.problem;
};

test('a broker that answers ApiVersions is one, and what does not is told apart', async () => {
  const broker = await listening(
    createServer((socket) =>
      socket.once('data', () => socket.end(Buffer.from([0, 0, 0, 6, 0, 0, 0, 1, 0, 0]))),
    ),
  );
  assert.is(await problem(broker), 'none');
  const web = await listening(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  assert.match(await problem(web), /not as a Kafka broker/);
});

test('TLS against plain text, and the reverse', async () => {
  assert.match(await problem(await withCertificate('good')), /may want TLS/);
  const plain = await listening(createServer((socket) => socket.once('data', () => socket.destroy())));
  assert.match(await problem(plain, tls()), /answers in plain text/);
});

test('each fault of a certificate has its own words', async () => {
  assert.is(await problem(await withCertificate('good'), tls()), 'none');
  assert.match(await problem(await withCertificate('expired'), tls()), /has expired/);
  assert.match(await problem(await withCertificate('early'), tls()), /not valid yet/);
  assert.match(await problem(await withCertificate('other'), tls()), /for another host/);
  assert.is(
    await problem(await withCertificate('other'), {
      ...tls(),
      'ssl.endpoint.identification.algorithm': 'none',
    }),
    'none',
  );
  assert.match(
    await problem(await withCertificate('good'), { 'security.protocol': 'ssl' }),
    /not trusted here/,
  );
});

test('nobody there, and no such host', async () => {
  const gone = await listening(createServer());
  await new Promise((resolve) => servers.pop()?.close(resolve));
  assert.match(await problem(gone), /nobody listens there/);
  assert.match(await problem({ host: 'nosuch.invalid', port: 9092 }), /no host of that name/);
});

/** A broker that answers ApiVersions, and Metadata with where it says that brokers are. */
const advertising = (
  brokers: readonly { id: number; port: number }[],
): Promise<{ host: string; port: number }> =>
  listening(
    createServer((socket) =>
      socket.on('data', (request) => {
        const [api, correlation] = [request.readInt16BE(4), request.readInt32BE(8)];
        const list = brokers.map(({ id, port }) => {
          const host = Buffer.from('127.0.0.1');
          const bytes = Buffer.alloc(10 + host.length + 2, 0xff);
          bytes.writeInt32BE(id, 0);
          bytes.writeInt16BE(host.length, 4);
          host.copy(bytes, 6);
          bytes.writeInt32BE(port, 6 + host.length);
          return bytes;
        });
        const count = Buffer.alloc(4);
        count.writeInt32BE(brokers.length);
        const body = api === 3 ? Buffer.concat([count, ...list]) : Buffer.from([0, 0]);
        const head = Buffer.alloc(8);
        head.writeInt32BE(4 + body.length, 0);
        head.writeInt32BE(correlation, 4);
        socket.write(Buffer.concat([head, body]));
      }),
    ),
  );

test('an advertised address that nobody can reach is named with its broker; one of several that can is enough', async () => {
  const closed = await listening(createServer());
  await new Promise((resolve) => servers.pop()?.close(resolve));
  const lost = await advertising([{ id: 4, port: closed.port }]);
  const [wrong] = (await diagnoseAll([lost], {})) ?? [];
  assert.match(
    wrong?.problem ?? '',
    new RegExp(`^broker 4 advertises 127\\.0\\.0\\.1:${closed.port}: nobody listens there`),
  );
  assert.is(
    wrong?.remedy,
    `set advertised.listeners of the broker to an address that can be reached from here (127.0.0.1:${lost.port} could)`,
  );
  const reached = await advertising([]);
  const half = await advertising([
    { id: 4, port: closed.port },
    { id: 5, port: reached.port },
  ]);
  assert.is(await diagnoseAll([half], {}), null);
});

test('malformed addresses are refused at once, and good ones read', () => {
  for (const text of [
    '',
    ' ',
    'kafka',
    'kafka:',
    'kafka:99999',
    'kafka:0',
    'http://kafka:9092',
    'a:1,,b:2',
    'kafka:x',
    'a b:1',
  ]) {
    assert.throws(() => parseAddresses(text), /bootstrap\.servers/);
  }
  assert.equal(parseAddresses('SASL_SSL://a:1, [::1]:9092,b.c-d_e:65535'), [
    { host: 'a', port: 1 },
    { host: '::1', port: 9092 },
    { host: 'b.c-d_e', port: 65_535 },
  ]);
});

test.run();
