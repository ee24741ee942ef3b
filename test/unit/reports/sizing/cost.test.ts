import * as assert from 'uvu/assert';
import { findPrices, overridePrices } from '../../../../infra/catalog/catalog.ts';
import { type PriceOverrides, priceOverridesSchema } from '../../../../infra/catalog/schema.ts';
import { loadOf } from '../../../../reports/sizing/broker-load.ts';
import { clusterCost, costOf } from '../../../../reports/sizing/cost.ts';
import { crossZoneTraffic } from '../../../../reports/sizing/formulas/traffic.ts';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { priceWarnings } from '../../../../reports/sizing/price-warnings.ts';
import type { Cost } from '../../../../reports/sizing/report.ts';
import { io2IopsPerMonth, provisionVolume } from '../../../../reports/sizing/volume-lines.ts';
import { shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cost of a cluster');
const prices = findPrices(shippedCatalog, 'us-east-1');
const GIB = 2 ** 30;
const MIB = 2 ** 20;
const NO_TRAFFIC = crossZoneTraffic(0, 0, 1, 1);

type Answers = Partial<Parameters<typeof resolveHardware>[1]>;
const hardware = (answers: Answers) =>
  resolveHardware(shippedCatalog, { platform: 'self-managed', ...answers });
const overrides = (more: Partial<PriceOverrides>) =>
  overridePrices(prices, priceOverridesSchema.parse({ asOf: '2026-01-02', source: 'our contract', ...more }));
const lineOf = (cost: Cost, item: string) => cost.lines.find((line) => line.item === item);

/** Three brokers that have to hold and write what is given, without traffic between zones. */
function costFor(
  answers: Answers,
  need: { diskBytes?: number; bytesPerSecPerBroker?: number; archiveBytes?: number } = {},
  own = prices,
): Cost {
  const problem = {
    brokers: 3,
    hardware: hardware(answers),
    diskBytes: 3 * 1024 * GIB,
    bytesPerSecPerBroker: 0,
    archiveBytes: 0,
    crossZone: NO_TRAFFIC,
    followerFetching: false,
    ...need,
  };
  return costOf(problem, own, shippedCatalog.volumes);
}

test('traffic between zones, by hand', () => {
  const three = crossZoneTraffic(30e6, 2, 3, 3);
  assert.is(three.producePerSec, 20e6);
  assert.is(three.replicationPerSec, 60e6);
  assert.is(three.consumePerSec, 40e6);
  assert.is(three.consumeWithFollowerFetchingPerSec, 0);
  assert.equal(crossZoneTraffic(30e6, 2, 3, 1), NO_TRAFFIC);
  // Two replicas in three zones: a consumer finds one of them in its own zone two times in three.
  assert.is(crossZoneTraffic(30e6, 1, 2, 3).consumeWithFollowerFetchingPerSec, 10e6);
});

test('replication between zones is the mean over the places that a leader may have', () => {
  /** Every replica in turn leads; replicas are dealt out to the zones like cards. */
  const counted = (replicas: number, zones: number) => {
    const zoneOf = Array.from({ length: replicas }, (_, i) => i % zones);
    const copies = zoneOf.map((leader) => zoneOf.filter((zone) => zone !== leader).length);
    return copies.reduce((sum, one) => sum + one, 0) / replicas;
  };
  for (let replicas = 1; replicas <= 6; replicas++) {
    for (let zones = 1; zones <= 4; zones++) {
      const { replicationPerSec } = crossZoneTraffic(1, 0, replicas, zones);
      assert.ok(Math.abs(replicationPerSec - counted(replicas, zones)) < 1e-12, `${replicas} in ${zones}`);
    }
  }
  assert.ok(Math.abs(crossZoneTraffic(3, 0, 3, 2).replicationPerSec - 4) < 1e-12);
  assert.is(crossZoneTraffic(1, 0, 4, 3).replicationPerSec, 2.5);
  assert.is(crossZoneTraffic(1, 0, 5, 3).replicationPerSec, 3.2);
});

test('volumes: what gp3 includes costs nothing more, and throughput needs IOPS', () => {
  const gp3 = shippedCatalog.volumes.get('gp3');
  assert.ok(gp3);
  assert.equal(provisionVolume(gp3, 100 * GIB, 100 * MIB), {
    sizeGB: 100,
    iops: 3000,
    extraIops: 0,
    extraMiBps: 0,
  });
  // 1000 MiB/s at 0.25 MiB/s an operation are 4000 IOPS.
  assert.equal(provisionVolume(gp3, 100 * GIB, 1000 * MIB), {
    sizeGB: 100,
    iops: 4000,
    extraIops: 1000,
    extraMiBps: 875,
  });
});

test('cost, by hand: three m5.large, 3 TiB of gp3, 1 MB/s between zones', () => {
  const cost = costOf(
    {
      brokers: 3,
      hardware: hardware({ instance: 'm5.large' }),
      diskBytes: 3 * 2 ** 40,
      bytesPerSecPerBroker: 225 * MIB,
      archiveBytes: 0,
      crossZone: {
        producePerSec: 1e6,
        replicationPerSec: 0,
        consumePerSec: 1e6,
        consumeWithFollowerFetchingPerSec: 0,
      },
      followerFetching: false,
    },
    prices,
    shippedCatalog.volumes,
  );
  const byItem = new Map(cost.lines.map((line) => [line.item, line.perMonth]));
  assert.is(byItem.get('3 × m5.large'), 3 * 730 * 0.096);
  assert.is(byItem.get('gp3 storage'), 3072 * 0.08);
  assert.is(byItem.get('gp3 extra throughput'), 300 * 0.04);
  const perGB = 2628 * 0.02;
  assert.is(byItem.get('cross-zone: producers'), perGB);
  const sum = [...byItem.values()].reduce((total: number, line) => total + (line ?? 0), 0);
  assert.ok(Math.abs((cost.perMonth ?? 0) - sum) < 1e-9);
  assert.is(cost.perYear, (cost.perMonth ?? 0) * 12);
  assert.ok(Math.abs((cost.perMonth ?? 0) - (cost.perMonthWithFollowerFetching ?? 0) - perGB) < 1e-9);
  assert.is(cost.asOf, '2026-07-20');
  assert.match(cost.notIncluded.join(), /controllers/);
});

test('disks are provisioned for the peak on the brokers that are left', () => {
  const load = loadOf(
    [
      {
        averageBytesPerSec: 1e6,
        peakBytesPerSec: 300 * MIB,
        groups: 1,
        replicationFactor: 3,
        retentionSec: 3600,
        partitions: 3,
      },
    ],
    1,
  );
  const context = { prices, catalog: shippedCatalog, followerFetching: false };
  const policy = { utilizationAverage: 0.6, utilizationPeak: 0.8, zones: 1 };
  const extra = (failures: number) =>
    lineOf(
      clusterCost(load, 3, hardware({ instance: 'm5.4xlarge' }), { ...policy, failures }, context) as Cost,
      'gp3 extra throughput',
    )?.quantity;
  // 900 MiB/s at 80 %: 1125 over three brokers or two, less the 125 that are included.
  assert.is(extra(0), 3 * 250);
  assert.is(extra(1), 3 * Math.ceil(562.5 - 125));
});

test('RAID 10 buys every byte twice, in space and in throughput', () => {
  const need = { bytesPerSecPerBroker: 400 * MIB };
  const plain = costFor({ volumes: 4 }, need);
  const mirrored = costFor({ volumes: 4, raid10: true }, need);
  assert.is(lineOf(plain, 'gp3 storage')?.quantity, 3 * 1024);
  assert.is(lineOf(mirrored, 'gp3 storage')?.quantity, 6 * 1024);
  // 100 MiB/s a volume are included; 200 are 75 more than that.
  assert.is(lineOf(plain, 'gp3 extra throughput')?.quantity, 0);
  assert.is(lineOf(mirrored, 'gp3 extra throughput')?.quantity, 12 * 75);
});

test('what the user buys is billed, however little of it the demand needs', () => {
  const bought = costFor({ volumes: 2, volumeSize: 2000 * GIB, volumeThroughput: 500e6 });
  assert.is(lineOf(bought, 'gp3 storage')?.quantity, 6 * 2000);
  // 500 MB/s are 476.8 MiB/s.
  assert.is(lineOf(bought, 'gp3 extra throughput')?.quantity, 6 * 352);
  assert.is(lineOf(costFor({ diskSize: 4000 * GIB }), 'gp3 storage')?.quantity, 3 * 4000);
  // A disk of 4000 GiB on four mirrored volumes is 2000 GiB on each.
  assert.is(
    lineOf(costFor({ diskSize: 4000 * GIB, volumes: 4, raid10: true }), 'gp3 storage')?.quantity,
    12 * 2000,
  );
});

test('io2: storage, and IOPS in tiers', () => {
  assert.is(io2IopsPerMonth(prices.io2.perIopsMonth, 1000), 65);
  assert.is(io2IopsPerMonth(prices.io2.perIopsMonth, 40_000), 32_000 * 0.065 + 8000 * 0.046);
  const cost = costFor({ volume: 'io2' }, { bytesPerSecPerBroker: 250 * MIB });
  assert.is(lineOf(cost, 'io2 storage')?.perMonth, 3072 * 0.125);
  // 250 MiB/s at 0.25 MiB/s an operation.
  assert.is(lineOf(cost, 'io2 IOPS')?.quantity, 3 * 1000);
  assert.is(lineOf(cost, 'io2 IOPS')?.perMonth, 3 * 65);
  assert.is(lineOf(cost, 'gp3 storage'), undefined);
});

test('follower fetching takes the line of the consumers, and both totals are told', () => {
  const problem = {
    brokers: 3,
    hardware: hardware({}),
    diskBytes: 0,
    bytesPerSecPerBroker: 0,
    archiveBytes: 0,
    crossZone: crossZoneTraffic(30e6, 2, 2, 3),
  };
  const [leader, follower] = [false, true].map((followerFetching) =>
    costOf({ ...problem, followerFetching }, prices, shippedCatalog.volumes),
  );
  assert.ok(leader && follower);
  // 60 MB/s are read, two thirds of it from elsewhere, or one third with followers in two of three zones.
  const perMBps = 2628 * 0.02;
  const close = (actual: number | null | undefined, expected: number) =>
    assert.ok(Math.abs((actual ?? 0) - expected) < 1e-6, `${actual} is not ${expected}`);
  close(lineOf(leader, 'cross-zone: consumers')?.perMonth, 40 * perMBps);
  close(lineOf(follower, 'cross-zone: consumers, follower fetching')?.perMonth, 20 * perMBps);
  assert.is(lineOf(follower, 'cross-zone: consumers'), undefined);
  close(leader.perMonthWithFollowerFetching, follower.perMonth ?? 0);
  close((leader.perMonth ?? 0) - (follower.perMonth ?? 0), 20 * perMBps);
});

test('the archive has a line, and requests to it are named as missing', () => {
  const cost = costFor({}, { archiveBytes: 5e12 });
  assert.is(lineOf(cost, 'archive')?.perMonth, 5000 * 0.023);
  assert.match(cost.notIncluded.join(), /requests to the object storage/);
  assert.is(lineOf(costFor({}), 'archive'), undefined);
  const own = overrides({ objectStoragePerGBMonth: 0.01 });
  assert.is(lineOf(costFor({}, { archiveBytes: 5e12 }, own), 'archive')?.perMonth, 50);
});

test('a price that is not known leaves the totals empty, and one can be given', () => {
  const problem = {
    brokers: 1,
    hardware: hardware({ instance: 'm7g.4xlarge', volume: 'local', diskSize: 1e12 }),
    diskBytes: 0,
    bytesPerSecPerBroker: 0,
    archiveBytes: 0,
    crossZone: NO_TRAFFIC,
    followerFetching: false,
  };
  const frankfurt = findPrices(shippedCatalog, 'eu-central-1');
  const unknown = costOf(problem, frankfurt, shippedCatalog.volumes);
  assert.is(unknown.perMonth, null);
  assert.match(unknown.lines[0]?.source ?? '', /give one with --prices/);
  const known = costOf(
    problem,
    overridePrices(
      frankfurt,
      priceOverridesSchema.parse({
        asOf: '2026-01-02',
        source: 'our contract',
        instancesPerHour: { 'm7g.4xlarge': 0.5 },
      }),
    ),
    shippedCatalog.volumes,
  );
  assert.is(known.perMonth, 365);
  assert.match(known.lines[0]?.source ?? '', /our contract \(as of 2026-01-02\)/);
});

test('MSK is never priced as EC2: nothing without its prices, and its own lines with them', () => {
  const msk = { platform: 'msk' as const, instance: 'm5.large' };
  const need = { bytesPerSecPerBroker: 300 * MIB, archiveBytes: 1e12 };
  const without = costFor(msk, need);
  assert.is(without.perMonth, null);
  assert.is(without.perYear, null);
  assert.is(without.perMonthWithFollowerFetching, null);
  assert.not.match(without.lines.map((line) => line.item).join(), /gp3|3 × m5|replication/);
  assert.match(without.lines[0]?.source ?? '', /give its prices with --prices/);
  assert.equal(
    priceWarnings(hardware(msk), prices).map((note) => note.code),
    ['no-msk-prices'],
  );

  const own = overrides({
    msk: {
      brokersPerHour: { 'm5.large': 0.2 },
      storagePerGBMonth: 0.1,
      throughputPerMBpsMonth: 0.05,
      archivePerGBMonth: 0.06,
    },
  });
  const cost = costFor(msk, need, own);
  assert.is(lineOf(cost, '3 × MSK m5.large')?.perMonth, 3 * 730 * 0.2);
  assert.is(lineOf(cost, 'MSK storage')?.quantity, 3 * 1024);
  assert.is(lineOf(cost, 'MSK provisioned throughput')?.quantity, 3 * 300);
  assert.is(lineOf(cost, 'archive')?.perMonth, 60);
  assert.ok(Math.abs((cost.perMonth ?? 0) - (438 + 307.2 + 45 + 60)) < 1e-9, String(cost.perMonth));
  assert.match(lineOf(cost, 'MSK storage')?.source ?? '', /our contract/);
  assert.equal(priceWarnings(hardware(msk), own), []);
  assert.equal(priceWarnings(hardware({}), prices), []);
  // What storage does without provisioned throughput is in its price.
  assert.is(
    lineOf(costFor(msk, { bytesPerSecPerBroker: 250 * MIB }, own), 'MSK provisioned throughput'),
    undefined,
  );
});

test.run();
