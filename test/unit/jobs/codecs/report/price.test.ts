import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../../bench/common/errors.ts';
import { createRandom } from '../../../../../bench/common/random.ts';
import {
  cpuBaseOf,
  monthlyCost,
  priceOf,
  priceTerms,
  type RecordUse,
} from '../../../../../bench/jobs/codecs/report/price.ts';
import { priced } from '../../../../../bench/jobs/codecs/report/priced.ts';
import { loadCatalog } from '../../../../../infra/catalog/catalog.ts';
import { requestWith, simulatedCells, TERMS } from '../../../../support/codecs.ts';
import { suite } from '../../../../support/suite.ts';

const test = suite('the price of a month');

const half: RecordUse = { wireBytes: 500, diskBytes: 480, producerCpuUs: 10, consumerCpuUs: 5 };

test('a month reckoned by hand', () => {
  // 1000 records a second: 0.5 MB/s sent, 1314 GB a month of 730 h; two thirds of it cross a zone for 0.02 a GB.
  const { lines, networkGB, perMonth } = priceOf(half, TERMS);
  const of = (item: string): number =>
    lines.find((line) => line.item.startsWith(item))?.perMonth ?? Number.NaN;
  const close = (actual: number, expected: number, what: string): void =>
    assert.ok(Math.abs(actual - expected) < 0.005, `${what}: ${actual} is not ${expected}`);
  close(networkGB, 1314, 'network');
  close(of('cross-zone: producers'), 17.52, 'producers');
  close(of('cross-zone: replication'), 52.56, 'replication to two other zones');
  close(of('cross-zone: consumers'), 17.52, 'consumers');
  // 0.48 MB/s × one day × 3 replicas × 1.25 ÷ 0.75 ÷ 2^30.
  close(of('storage'), 19.31, 'storage');
  // 1000 × 15 µs are 0.015 cores: 10.95 h a month.
  close(of('CPU'), 0.5475, 'CPU');
  close(perMonth ?? Number.NaN, 17.52 * 2 + 52.56 + 19.312 + 0.5475, 'total');
});

test('laws: more bytes or CPU never cost less, and twice the volume costs twice', () => {
  const random = createRandom(1);
  for (let i = 0; i < 100; i++) {
    const use: RecordUse = {
      wireBytes: 1 + random.int(2000),
      diskBytes: random.next() < 0.3 ? null : 1 + random.int(2000),
      producerCpuUs: random.int(100),
      consumerCpuUs: random.int(100),
    };
    const total = (one: RecordUse, terms = TERMS): number => priceOf(one, terms).perMonth ?? Number.NaN;
    const base = total(use);
    assert.ok(total({ ...use, wireBytes: use.wireBytes + 1 }) > base);
    assert.ok(total({ ...use, producerCpuUs: (use.producerCpuUs ?? 0) + 1 }) > base);
    if (use.diskBytes !== null) assert.ok(total({ ...use, diskBytes: use.diskBytes + 1 }) > base);
    const doubled = total(use, { ...TERMS, volumeBytesPerSec: 2 * TERMS.volumeBytesPerSec });
    assert.ok(Math.abs(doubled - 2 * base) < 1e-9 * base);
  }
});

test('what was sent stands for disks that cannot be seen', () => {
  const unseen = priceOf({ ...half, diskBytes: null }, TERMS);
  assert.equal(unseen, priceOf({ ...half, diskBytes: half.wireBytes }, TERMS));
});

test('the CPU without a codec is taken off all alike: it changes no difference between them', () => {
  const truths = [
    { label: 'none', wireBytes: 1030, p99Us: 10_000, cpuUsPerMB: 50_000 },
    { label: 'zstd:3', wireBytes: 300, p99Us: 14_000, cpuUsPerMB: 54_000 },
  ];
  const cells = simulatedCells(truths, 6, createRandom(2));
  const base = cpuBaseOf(cells, TERMS);
  assert.is(base.label, 'none');
  assert.ok(base.producerUs > 0 && base.consumerUs > 0);
  const nothing = { producerUs: 0, consumerUs: 0 };
  const offs = cells.flatMap(({ valid }) =>
    valid.map(
      (result) =>
        (monthlyCost(result, TERMS, nothing) ?? Number.NaN) -
        (monthlyCost(result, TERMS, base) ?? Number.NaN),
    ),
  );
  for (const off of offs) assert.ok(off > 0 && Math.abs(off - (offs[0] ?? 0)) < 1e-9);
  const [none] = priced(cells, [], TERMS);
  const cpu = none?.price.lines.find(({ item }) => item.startsWith('CPU'))?.perMonth ?? Number.NaN;
  assert.ok(Math.abs(cpu) < 1e-9, String(cpu));
  assert.equal(cpuBaseOf(cells.slice(1), TERMS), { label: null, ...nothing });
});

test('terms come from the catalogue with its dates; what has no price is refused', () => {
  const catalog = loadCatalog();
  const measured = { volumeBytesPerSec: 3e6, recordBytes: 200, replicas: 1 };
  const terms = priceTerms(requestWith(), catalog, measured);
  assert.is(terms.perVcpuHour, 0.096 / 2);
  assert.is(terms.volumeBytesPerSec, 3e6);
  assert.match(terms.prices.asOf, /^\d{4}-\d\d-\d\d$/);
  const { price } = requestWith();
  const refused = (changes: Partial<typeof price>): string => {
    try {
      priceTerms(requestWith({ price: { ...price, ...changes } }), catalog, measured);
    } catch (error) {
      if (error instanceof KsweepError) return error.message;
      throw error;
    }
    return '';
  };
  assert.match(refused({ region: 'mars-1' }), /no prices for "mars-1"/);
  assert.match(refused({ instance: 'm6i.huge' }), /not in the catalogue/);
  const given = priceTerms(requestWith({ price: { ...price, volumeBytesPerSec: 5 } }), catalog, measured);
  assert.is(given.volumeBytesPerSec, 5);
});

test.run();
