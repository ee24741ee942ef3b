import * as assert from 'uvu/assert';
import { loadAddon } from '../../../../bench/client/batch/addon.ts';
import { createRandom, type Random } from '../../../../bench/common/random.ts';
import { encodeHeaders } from '../../../../bench/common/record-headers.ts';
import { suite } from '../../../support/suite.ts';

const CASES = 10_000;
const SEED = 20_261_127;
const test = suite('the batch client, fuzzed', { timeoutMs: 120_000 });

type Produce = Record<string, (...values: unknown[]) => unknown>;

/** One argument: mostly of its kind with random content, sometimes anything at all. */
function argument(random: Random, index: number): unknown {
  const rows = random.int(40);
  const wild = [-1, -2, 0, 1, 24, 99, 2 ** 31 - 1, -(2 ** 31)];
  const number = (): number =>
    random.int(4) === 0 ? (wild[random.int(wild.length)] as number) : random.int(64);
  const anything = [
    null,
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    1.5,
    2 ** 40,
    'text',
    {},
    [],
    [1, 2],
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
    new Float64Array(rows),
    new BigInt64Array(rows),
    new Int8Array(rows),
    Symbol('s'),
    () => 0,
    detached(rows),
  ];
  if (random.int(12) === 0) return anything[random.int(anything.length)];
  switch (index) {
    case 0:
    case 3:
    case 11:
      return new Uint8Array(random.int(200));
    case 1:
    case 4:
    case 12:
      return Uint32Array.from({ length: rows }, () => number() >>> 0);
    case 2:
    case 5:
    case 7:
    case 8:
    case 13:
      return Int32Array.from({ length: rows }, number);
    case 6:
      return new Uint8Array(random.int(24 * 40));
    case 9:
      return random.int(30);
    default:
      return random.int(30);
  }
}

function detached(rows: number): Int32Array {
  const array = new Int32Array(rows);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** What a call of the addon may do: return a number, or throw one of these. */
function judged(call: () => unknown): 'taken' | 'refused' {
  try {
    const taken = call();
    assert.type(taken, 'number');
    return 'taken';
  } catch (error) {
    const state = error instanceof Error && (error as Error & { code?: unknown }).code === 'ERR__STATE';
    if (error instanceof TypeError || error instanceof RangeError || state) return 'refused';
    throw error;
  }
}

test(`${CASES} seeded cases of random columns: RangeError, TypeError or taken, never a crash`, async () => {
  const { Producer } = loadAddon();
  const random = createRandom(SEED);
  const settings = { 'bootstrap.servers': '127.0.0.1:1', 'queue.buffering.max.messages': 500, log_level: 0 };
  const options = (stamp: 'payload' | 'header' | 'none', reports: 'each' | 'errors') =>
    ({ topic: 'fuzz', stamp, reports, headers: [], ringRows: 64 }) as const;
  const producers = (['payload', 'header', 'none'] as const).flatMap((stamp) =>
    (['each', 'errors'] as const).map(
      (reports) => new Producer(settings, options(stamp, reports), () => {}) as unknown as Produce,
    ),
  );
  const closed = new Producer(settings, options('none', 'errors'), () => {});
  await closed.close();
  producers.push(closed as unknown as Produce);

  const seen = { taken: 0, refused: 0 };
  for (let i = 0; i < CASES; i++) {
    const producer = producers[random.int(producers.length)] as Produce;
    const values = Array.from({ length: random.int(20) === 0 ? random.int(14) : 14 }, (_, k) =>
      argument(random, k),
    );
    // A third are made to fit, so that the part behind the checks is reached too.
    if (random.int(3) === 0) fit(random, values);
    seen[judged(() => producer['produce']?.(...values))]++;
  }
  assert.ok(seen.taken > 500 && seen.refused > 5_000, JSON.stringify(seen));
  await Promise.all(producers.slice(0, -1).map((producer) => producer['close']?.()));
});

/** Columns without a contradiction, a few rows of them. */
function fit(random: Random, values: unknown[]): void {
  const rows = 1 + random.int(20);
  const column = (make: () => number): number[] => Array.from({ length: rows }, make);
  const pool = 64 + random.int(2_000);
  values[0] = new Uint8Array(pool);
  values[1] = Uint32Array.from(column(() => random.int(pool - 40)));
  values[2] = Int32Array.from(column(() => (random.int(5) === 0 ? -1 : 24 + random.int(16))));
  values[3] = random.int(2) === 0 ? null : new Uint8Array(32);
  values[4] = values[3] === null ? null : Uint32Array.from(column(() => random.int(16)));
  values[5] = values[3] === null ? null : Int32Array.from(column(() => random.int(17) - 1));
  values[6] = new Uint8Array(rows * 24);
  values[7] = random.int(2) === 0 ? null : Int32Array.from(column(() => random.int(4) - 1));
  values[8] = Int32Array.from(column(() => random.int(1_000)));
  values[9] = random.int(rows);
  values[10] = random.int(rows - (values[9] as number) + 1);
  const headers = encodeHeaders([
    { name: Buffer.from('name'), value: random.int(2) === 0 ? null : Buffer.from('value') },
    { name: Buffer.alloc(0), value: Buffer.alloc(0) },
  ]);
  const own = random.int(2) === 0;
  values[11] = own ? new Uint8Array(headers) : null;
  values[12] = own ? new Uint32Array(rows) : null;
  values[13] = own ? Int32Array.from(column(() => [-1, 0, headers.length][random.int(3)] as number)) : null;
}

test('headers that are not whole are refused, and no row of their call is taken', async () => {
  const { Producer } = loadAddon();
  const settings = { 'bootstrap.servers': '127.0.0.1:1', log_level: 0 };
  const options = { topic: 't', stamp: 'none', reports: 'errors', headers: [], ringRows: 8 } as const;
  const producer = new Producer(settings, options, () => {});
  const whole = encodeHeaders([{ name: Buffer.from('name'), value: Buffer.from('value') }]);
  const produce = (pool: Buffer, length: number): number =>
    producer.produce(
      Buffer.from('value'),
      Uint32Array.of(0, 0),
      Int32Array.of(5, 5),
      undefined,
      undefined,
      undefined,
      null,
      null,
      null,
      0,
      2,
      pool,
      Uint32Array.of(0, 0),
      Int32Array.of(-1, length),
    );
  assert.is(produce(whole, whole.length), 2);
  for (let length = 1; length < whole.length; length++) {
    assert.throws(() => produce(whole, length), /headers: not whole headers/);
  }
  assert.throws(() => produce(whole, whole.length + 1), /headers: outside their pool/);
  for (const [at, value] of [
    [0, 0xffff_ffff],
    [4, 0x7fff_ffff],
    [4, 0xffff_fffe],
  ] as const) {
    const damaged = Buffer.from(whole);
    damaged.writeUInt32LE(value, at);
    assert.throws(() => produce(damaged, damaged.length), /headers: not whole headers/);
  }
  await producer.close();
});

test('wrong arguments of everything else are refused as well', async () => {
  const { Producer, Consumer, ShareConsumer, Admin } = loadAddon();
  const settings = { 'bootstrap.servers': '127.0.0.1:1' };
  const good = { topic: 't', stamp: 'none', reports: 'each', headers: [], ringRows: 8 };
  const never = (): void => {};
  for (const [build, ...values] of [
    [Producer],
    [Producer, null, good, never],
    [Producer, settings, null, never],
    [Producer, settings, good, null],
    [Producer, settings, { ...good, ringRows: 7 }, never],
    [Producer, settings, { ...good, ringRows: -8 }, never],
    [Producer, settings, { ...good, ringRows: 2 ** 40 }, never],
    [Producer, settings, { ...good, topic: 1 }, never],
    [Producer, settings, { ...good, stamp: 'elsewhere' }, never],
    [Producer, settings, { ...good, headers: [1] }, never],
    [Producer, settings, { ...good, headers: [{ name: 'a', value: 'text' }] }, never],
    [Consumer, settings, { stamp: 'none', ringRows: 0 }, never],
    [Consumer, settings, 'options', never],
    [ShareConsumer, settings, { stamp: 'none', ringRows: 3 }, never],
    [ShareConsumer, settings, null, never],
    [Admin, settings],
  ] as unknown as [new (...values: unknown[]) => unknown, ...unknown[]][]) {
    assert.throws(
      () => new build(...values),
      (error: unknown) => error instanceof TypeError || error instanceof RangeError,
      JSON.stringify(values),
    );
  }
  const admin = new Admin(settings, never) as unknown as Produce;
  const consumer = new Consumer(
    { ...settings, 'group.id': 'g' },
    { stamp: 'none', ringRows: 8, pollRows: 8 },
    never,
  );
  const calls: [string, ...unknown[]][] = [
    ['createTopic', 't', 0, 1, {}, 1],
    ['createTopic', 't', 1, 1, null, 1],
    ['createTopic', null, 1, 1, {}, 1],
    ['deleteTopic', 't', -1],
    ['listOffsets', 't', 2 ** 31, true, 1],
    ['commitOffsets', 'g', 't', [-1], 1],
    ['commitOffsets', 'g', 't', ['x'], 1],
    ['deleteGroups', 'g', 1],
    ['configureGroup', 'g', null, false, 1],
    ['configureGroup', 1, {}, false, 1],
    ['configureGroup', 'g', {}, false, -1],
    ['metadata', 'soon'],
  ];
  for (const [name, ...values] of calls) {
    assert.throws(
      () => admin[name]?.(...values),
      (error: unknown) => error instanceof TypeError || error instanceof RangeError,
      name,
    );
  }
  // A method of one client on another is no way in either.
  const stolen = (consumer as unknown as Produce)['connect'] as unknown as () => unknown;
  assert.throws(() => stolen.call(admin), TypeError);
  await Promise.all([admin['close']?.(), consumer.close()]);
});

test.run();
