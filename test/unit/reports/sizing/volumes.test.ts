import * as assert from 'uvu/assert';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

/** m6i.xlarge reaches EBS at 156.25 MB/s for good, and at 1250 in bursts. */
const test = suite('volumes of a broker');

type Answers = Partial<Parameters<typeof resolveHardware>[1]>;
const broker = (answers: Answers) =>
  resolveHardware(shippedCatalog, { platform: 'self-managed', instance: 'm6i.xlarge', ...answers });
const TIB = 2 ** 40;
const MIB = 2 ** 20;

test('volumes are never faster than the EBS baseline, whatever they are said to do', () => {
  for (const more of [{}, { volumeSize: 2e12 }]) {
    const { storageBytesPerSec, figures, warnings } = broker({
      volumes: 2,
      volumeThroughput: 250e6,
      ...more,
    });
    assert.is(storageBytesPerSec, 156.25e6);
    assert.match(
      figures.find((one) => one.name.startsWith('Disk throughput'))?.source ?? '',
      /^EBS baseline of m6i\.xlarge/,
    );
    assert.is(warnings[0]?.code, 'unused-throughput');
    assert.match(warnings[0]?.text ?? '', /provisioned for 500 MB\/s, and m6i\.xlarge reaches EBS at 156\.3/);
  }
  const within = broker({ volumes: 2, volumeThroughput: 50e6, volumeSize: 2e12 });
  assert.is(within.storageBytesPerSec, 100e6);
  assert.equal(within.warnings, []);
  const figure = within.figures.find((one) => one.name.startsWith('Disk throughput'));
  assert.is(figure?.kind, 'assumption');
  assert.is(figure?.source, 'your answer');
});

test('only an explicit disk throughput takes the place of the baseline', () => {
  const { storageBytesPerSec, figures } = broker({ diskThroughput: 500e6, volumeThroughput: 250e6 });
  assert.is(storageBytesPerSec, 500e6);
  assert.is(figures.find((one) => one.name.startsWith('Disk throughput'))?.kind, 'assumption');
});

test('space: volumes × size, or what volumes of that type can hold', () => {
  assert.is(broker({ volumes: 2, volumeSize: 2e12 }).diskBytes, 4e12);
  assert.is(broker({ volumes: 4 }).diskBytes, 4 * 16 * TIB);
  assert.is(broker({ volumes: 2, volumeSize: 2e12, diskSize: 3e12 }).diskBytes, 3e12);
});

test('RAID 10 halves the space and the writes, with or without a stated size', () => {
  assert.is(broker({ volumes: 4, raid10: true }).diskBytes, 2 * 16 * TIB);
  assert.is(broker({ volumes: 4, raid10: true, volumeSize: 2e12 }).diskBytes, 4e12);
  // Both mirrors are written through the instance's EBS bandwidth.
  assert.is(broker({ volumes: 4, raid10: true }).storageBytesPerSec, 156.25e6 / 2);
  const slow = { volumes: 4, volumeThroughput: 25e6 };
  assert.is(broker(slow).storageBytesPerSec, 100e6);
  assert.is(broker({ ...slow, raid10: true }).storageBytesPerSec, 50e6);
});

test('local disks: their size from AWS, their speed from who measured it, or from the user', () => {
  const i3en = { instance: 'i3en.2xlarge' };
  assert.is(broker(i3en).diskBytes, 5e12);
  assert.is(broker(i3en).storageBytesPerSec, 2 * 333.447e6);
  assert.is(broker(i3en).kinds.storage, 'heuristic');
  assert.is(broker({ ...i3en, volumes: 2, raid10: true }).diskBytes, 2.5e12);
  assert.is(broker({ ...i3en, volumes: 2, volumeThroughput: 300e6 }).storageBytesPerSec, 600e6);
  assert.is(broker({ ...i3en, volumes: 2, volumeThroughput: 600e6 }).warnings[0]?.code, 'unused-throughput');
});

test('local disks that the instance does not have are refused by name, unless they are one’s own', () => {
  assert.throws(
    () => broker({ instance: 'm5.large', volume: 'local' }),
    (error: { code: string; message: string; hint: string }) => {
      assert.is(error.code, 'sizing-input');
      assert.match(error.message, /^volume: m5\.large has no local disks/);
      return /i4i\.large/.test(error.hint);
    },
  );
  assert.is(broker({ volume: 'local', volumes: 3, volumeSize: 2e12 }).diskBytes, 6e12);
  assert.is(broker({ volume: 'local', diskSize: 4e12 }).diskBytes, 4e12);
});

test('a volume is held to what its type can do', () => {
  const { storageBytesPerSec } = broker({ instance: 'm6i.8xlarge', volumeThroughput: 2000e6 });
  assert.is(storageBytesPerSec, 1000 * MIB);
});

test.run();
