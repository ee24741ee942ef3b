import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { onPath } from '../../../bench/corpus/payload-file.ts';
import { spooled } from '../../../bench/corpus/spool-pipe.ts';
import { readUserRecords, type UserRecords } from '../../../bench/corpus/user-records.ts';
import { suite } from '../../support/suite.ts';

const test = suite('payload files as they come');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-payloads-'));
test.after(() => rmSync(folder, { recursive: true }));

/** Two records, by `zstd -19`. */
const ZSTD = 'KLUv/SRsLQEA0HsiaWQiOjEsIm5hbWUiOiJhbHBoYSAifQoyAwCAKLIahtylCfxw8pg=';
const LINES =
  '{"id":1,"name":"alpha alpha alpha alpha alpha alpha"}\n{"id":2,"name":"alpha alpha alpha alpha alpha alpha"}\n';

let files = 0;
const written = (content: string | Uint8Array): string => {
  const file = join(folder, `f${files++}`);
  writeFileSync(file, content);
  return file;
};

type Format = 'lines' | 'json' | 'length-prefixed' | 'folder';
const read = (content: string | Uint8Array, format: Format = 'lines'): Promise<UserRecords> =>
  readUserRecords({ path: written(content), format, limitBytes: 1e6 });

async function refused(promise: Promise<unknown>): Promise<KsweepError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof KsweepError) return error;
    throw error;
  }
  throw new Error('it was read');
}

const textOf = ({ bytes, lengths }: UserRecords): string[] => {
  let at = 0;
  return [...lengths].map((length) => {
    at += length;
    return Buffer.from(bytes.subarray(at - length, at)).toString('utf8');
  });
};

test('gzip and zstd are read through, in one piece or several, and give the records of the plain file', async () => {
  const plain = await read(LINES);
  const half = LINES.indexOf('\n') + 1;
  const zstd = Buffer.from(ZSTD, 'base64');
  for (const [packed, times] of [
    [gzipSync(LINES), 1],
    [Buffer.concat([gzipSync(LINES.slice(0, half)), gzipSync(LINES.slice(half))]), 1],
    [zstd, 1],
    [Buffer.concat([zstd, zstd]), 2],
  ] as const) {
    const unpacked = await read(packed);
    assert.equal(textOf(unpacked), Array.from({ length: times }, () => textOf(plain)).flat());
    assert.match(unpacked.summary, /unpacked from (gzip|zstd)/);
  }
  const prefixed = Buffer.concat([Buffer.from([0, 0, 0, 3]), Buffer.from('abc')]);
  assert.equal(textOf(await read(gzipSync(prefixed), 'length-prefixed')), ['abc']);
});

test('a packed file that is cut off, or larger than what is used', async () => {
  const cutOff = await refused(read(gzipSync(LINES.repeat(50)).subarray(0, 60)));
  assert.match(cutOff.message, /compressed by gzip and cannot be unpacked/);
  assert.match(
    (await refused(read(Buffer.from(ZSTD, 'base64').subarray(0, 40)))).message,
    /compressed by zstd/,
  );
  const path = written(gzipSync('0123456789abcdef0123456789abcdef\n'.repeat(1_000_000)));
  const start = await readUserRecords({ path, format: 'lines', limitBytes: 3_200 });
  assert.equal([start.lengths.length, start.cut], [100, true]);
});

test('what holds no lines is refused with what it seems to be', async () => {
  const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
  const cases: [Buffer, RegExp, RegExp][] = [
    [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(LINES)]), /text in UTF-16LE/, /iconv -f UTF-16LE/],
    [Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(LINES).swap16()]), /text in UTF-16BE/, /iconv/],
    [utf16(LINES), /text in UTF-16LE/, /iconv/],
    [utf16(LINES).swap16(), /text in UTF-16BE/, /iconv/],
    [Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), /text in UTF-32LE/, /iconv/],
    [Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x41]), /text in UTF-32BE/, /iconv/],
    [Buffer.from('PK\x03\x04…'), /a zip archive/, /unpack/],
    [Buffer.from('BZh91AY'), /bzip2/, /unpack/],
    [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /xz/, /unpack/],
    [Buffer.from('PAR1rest'), /Parquet/, /JSON lines/],
    [Buffer.from('Obj\x01rest'), /Avro/, /JSON lines/],
    [Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar')]), /a tar archive/, /unpack/],
    [
      gzipSync(Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar')])),
      /unpacked from gzip, is a tar/,
      /unpack/,
    ],
    [gzipSync(gzipSync(LINES)), /compressed again by gzip/, /unpack/],
    [Buffer.from(`${LINES}\0${LINES}`), /binary: there is a NUL at byte 108/, /length-prefixed/],
  ];
  for (const [content, what, next] of cases) {
    const error = await refused(read(content));
    assert.match(error.message, what);
    assert.match(error.hint ?? '', next);
    assert.is(error.exitStatus, 1);
  }
  assert.match((await refused(read('PK\x03\x04…', 'length-prefixed'))).message, /zip archive/);
});

test('the mark of UTF-8 is no part of the first record', async () => {
  assert.equal(textOf(await read(`\ufeff${LINES}`)), LINES.trim().split('\n'));
});

test('lines that look like parts of records are told, with the option that mends it', async () => {
  const records = LINES.trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const pretty = records.map((record) => JSON.stringify(record, null, 2)).join('\n');
  assert.match(
    (await read(pretty)).warnings.join(),
    /8 of the first 8 lines are not complete JSON.*format: json/,
  );
  assert.match((await read(JSON.stringify(records))).warnings.join(), /a JSON list as a whole/);
  assert.match((await read(JSON.stringify(records, null, 2))).warnings.join(), /not complete JSON/);
  assert.match((await read('a,b\n1,2\n3,4\n')).warnings.join(), /shorter than 32 B \(median 3 B\)/);
  const good = await read(LINES);
  assert.equal(good.warnings, []);
  assert.is(good.summary, '2 records of 53 B each');
});

test('format json gives each value, however it is laid out, as a serializer would write it', async () => {
  const values = [
    '{"a":"x \\" y","b":[1,{"c":2.50}]}',
    '[1,2]',
    '"tex\\\\t"',
    '12345678901234567890',
    'null',
  ];
  const forms = [
    values.join('\n'),
    values.map((value) => value.replaceAll(',', ' ,\n ').replace('{', '{ \n')).join('  \n\n'),
    `[${values.join(',\n  ')}]`,
    `\ufeff [ ${values.join(' , ')} ]\n`,
  ];
  for (const form of forms) assert.equal(textOf(await read(form, 'json')), values);
  assert.match((await refused(read('{"a": [1', 'json'))).message, /the JSON value at byte 0 does not end/);
  assert.match((await refused(read('}', 'json'))).message, /no JSON value at byte 0/);
});

test('each way in which a path cannot be read has its own words', async () => {
  const fail = (code: string): Promise<never> =>
    onPath('p', () => {
      throw Object.assign(new Error(`${code}: x`), { code });
    });
  const denied = await refused(fail('EACCES'));
  assert.match(denied.message, /no permission to read p/);
  assert.not.match(denied.hint ?? '', /relative|format/);
  assert.match((await refused(fail('ENOENT'))).hint ?? '', /relative to the workload file/);
  assert.match((await refused(fail('EIO'))).message, /p cannot be read: EIO/);
  for (const path of ['/dev/null', '/dev/zero']) {
    const error = await refused(readUserRecords({ path, format: 'lines', limitBytes: 1e6 }));
    assert.match(error.message, /is a terminal or another device/);
  }
});

const signalAfter = (ms: number): AbortSignal => AbortSignal.timeout(ms);

test('a pipe is read once into a copy; one that nobody writes to ends with the user’s stop', async () => {
  const dir = join(folder, 'spool');
  mkdirSync(dir);
  const fifo = join(folder, 'fifo');
  assert.is(spawnSync('mkfifo', [fifo]).status, 0);
  const said: string[] = [];
  const options = { dir, onWait: (line: string) => said.push(line) };
  const stopped = await refused(spooled(fifo, { ...options, signal: signalAfter(100) }));
  assert.is(stopped.code, 'interrupted');
  assert.equal(said, [`waiting for a writer of ${fifo}`]);
  const copy = spooled(fifo, { ...options, signal: signalAfter(20_000) });
  const writer = await open(fifo, 'w');
  await writer.write(LINES.slice(0, 20));
  await writer.write(LINES.slice(20));
  await writer.close();
  assert.is(readFileSync(await copy, 'utf8'), LINES);
  const plain = written(LINES);
  assert.is(await spooled(plain, { ...options, signal: signalAfter(100) }), plain);
});

test.run();
