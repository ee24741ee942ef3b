import * as assert from 'uvu/assert';
import { brokerHere } from '../../../../bench/run/measure/broker-here.ts';
import { recordedHost } from '../../../support/recorded-host.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a broker on this machine');

const control = {
  processes: () => [{ metricsAddress: '127.0.0.1:7071', pid: 9, logDir: '/data/broker-1' }],
};
const files = recordedHost({
  'proc/9/mountinfo': '20 1 254:0 / / rw - ext4 /dev/vda rw\n',
  'proc/diskstats': ' 254 0 vda 1 0 8 1 1 0 8 1 0 4500 2\n',
  'proc/9/cgroup': '1:cpu:/broker\n',
  'sys/fs/cgroup/cpu/broker/cpu.stat': 'nr_periods 40\nnr_throttled 12\nthrottled_time 5\n',
});

test('its disk and its control group are told, by the address of its metrics', () => {
  assert.equal(brokerHere(files, control, '127.0.0.1:7071'), {
    diskBusy: 4.5,
    cpuPeriodsPerSec: 40,
    cpuThrottledPeriodsPerSec: 12,
  });
});

test('of a broker elsewhere, and of one whose host tells nothing, nothing is made up', () => {
  assert.equal(brokerHere(files, control, 'kafka-2:7071'), {});
  assert.equal(brokerHere(files, null, '127.0.0.1:7071'), {});
  assert.equal(brokerHere(recordedHost({}), control, '127.0.0.1:7071'), {
    cpuPeriodsPerSec: null,
    cpuThrottledPeriodsPerSec: null,
  });
});

test.run();
