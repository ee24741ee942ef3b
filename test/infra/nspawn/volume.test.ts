import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { ClusterCheck, skipWhereImpossible } from './cluster-check.ts';
import { Hosts } from './hosts.ts';
import { LoopDevice } from './loop-device.ts';

/** Each broker keeps its data somewhere else, on a volume of its own; behind each: where that is mounted. */
const PLACES: readonly (readonly [string, string, string])[] = [
  ['peter-kafka01.foo.bar', '/data', '/data'],
  ['peter-kafka02.foo.bar', '/kafka', '/kafka'],
  ['peter-kafka03.foo.bar', '/data/', '/data'],
  ['peter-kafka04.foo.bar', '/var/lib/kafka', '/var/lib/kafka'],
];
const BROKERS = PLACES.map(([name]) => name);
const ROOT_LINE = 'LABEL=system / ext4 errors=remount-ro 0 1';
const test = suite('Ansible with volumes for the data', { timeoutMs: 900_000 });

if (!skipWhereImpossible(test)) {
  const hosts = new Hosts(BROKERS);
  const cluster = new ClusterCheck(hosts, BROKERS);
  const devices = new Map<string, LoopDevice>();
  test.before(async () => {
    await hosts.up();
    for (const name of BROKERS) {
      const device = new LoopDevice(join(hosts.folder, `${name}.disk`));
      devices.set(name, device);
      await hosts.ssh(name, `${device.plugIn} && echo '${ROOT_LINE}' >/etc/fstab`);
    }
    hosts.inventory(
      { kafka: BROKERS, controllers: [], zookeeper: [], load: [], ansible: [] },
      { kafka_mode: 'kraft' },
      Object.fromEntries(
        PLACES.map(([name, dir]) => [
          name,
          { kafka_data_dir: dir, kafka_data_device: devices.get(name)?.path },
        ]),
      ),
    );
  });
  test.after(async () => {
    await hosts.down();
    for (const device of devices.values()) device.remove();
  });

  const onVolumes = async (): Promise<void> => {
    for (const [name, , mount] of PLACES) {
      const device = devices.get(name)?.path;
      const uuid = (await hosts.ssh(name, `blkid --probe -o value -s UUID ${device}`)).trim();
      assert.is((await hosts.ssh(name, `findmnt -rno TARGET,FSTYPE ${device}`)).trim(), `${mount} xfs`);
      assert.is(
        await hosts.ssh(name, 'cat /etc/fstab'),
        `${ROOT_LINE}\nUUID=${uuid} ${mount} xfs noatime,nofail 0 2\n`,
        name,
      );
      assert.is((await hosts.ssh(name, `stat -c %m ${mount}/meta.properties`)).trim(), mount);
    }
  };

  test('each volume is mounted on its data folder, and the line of the root stays', async () => {
    await cluster.play('site');
    await onVolumes();
    await cluster.produce('before-anything');
  });

  test('a second run changes nothing, and the data are still there', async () => {
    await cluster.playUnchanged('site');
    await onVolumes();
    assert.equal(await cluster.consume(), ['before-anything']);
  });

  test('stop.yml finds what the brokers left there when they closed their logs', async () => {
    await cluster.play('stop');
  });
}
test.run();
