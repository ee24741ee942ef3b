import * as assert from 'uvu/assert';
import { hostFiles } from '../../../bench/host/files.ts';
import { takeSample } from '../../../bench/host/sample.ts';
import { secondBetween } from '../../../bench/host/second.ts';
import { recordedHost } from '../../support/recorded-host.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a second of a host');

const at = (atUs: number, stat: string, more: Record<string, string> = {}) =>
  takeSample(recordedHost({ 'proc/stat': stat, ...more }), atUs, []);
const cpu = (user: number, idle: number, stolen: number) =>
  `cpu  ${user} 0 0 ${idle} 0 0 0 ${stolen} 0 0\ncpu0 0\ncpu1 0\n`;

test('shares are of the time that passed, whatever the counters stood at', () => {
  const second = secondBetween(at(0, cpu(1_000, 5_000, 300)), at(1e6, cpu(1_090, 5_088, 322)));
  assert.is(second.userShare, 0.45);
  assert.is(second.idleShare, 0.44);
  assert.is(second.stolenShare, 0.11);
});

test('a counter that went backwards says nothing, rather than something negative', () => {
  const swap = (n: number) => ({ 'proc/vmstat': `pgmajfault ${n}\npswpin 0\npswpout 0\n` });
  const second = secondBetween(at(0, cpu(0, 0, 0), swap(9)), at(1e6, cpu(1, 1, 0), swap(2)));
  assert.is(second.majorFaults, null);
  assert.is(second.swappedPages, 0);
});

test('throttling is told only where there is a limit', () => {
  const group = (max: string, throttled: number) => ({
    'proc/self/cgroup': '0::/\n',
    'sys/fs/cgroup/cpu.stat': `usage_usec 1\nnr_periods ${throttled * 2}\nnr_throttled ${throttled}\nthrottled_usec ${throttled * 1000}\n`,
    'sys/fs/cgroup/cpu.max': max,
  });
  const limited = secondBetween(
    at(0, cpu(0, 0, 0), group('100000 100000', 5)),
    at(1e6, cpu(1, 1, 0), group('100000 100000', 10)),
  );
  assert.is(limited.throttledPeriodShare, 0.5);
  assert.is(limited.throttledUs, 5_000);
  assert.is(limited.cpuLimit, 1);
  const free = secondBetween(
    at(0, cpu(0, 0, 0), group('max 100000', 5)),
    at(1e6, cpu(1, 1, 0), group('max 100000', 10)),
  );
  assert.is(free.throttledPeriodShare, null);
});

test('network and disks: the loopback is left out, and the busiest disk speaks', () => {
  const state = (n: number) => ({
    'proc/net/dev': `a\nb\n lo: ${n} 0 0 0 0 0 0 0 ${n} 0 0 0\n eth0: ${n} 0 0 0 0 0 0 0 ${2 * n} 0 0 0\n`,
    'sys/block/sda/size': '1\n',
    'sys/block/sdb/size': '1\n',
    'proc/diskstats': `8 0 sda 0 0 ${n} 0 0 0 0 0 0 ${n} ${3 * n}\n8 1 sdb 0 0 0 0 0 0 0 0 0 1 1\n`,
  });
  const second = secondBetween(at(0, cpu(0, 0, 0), state(0)), at(2e6, cpu(1, 1, 0), state(1_000)));
  assert.is(second.receivedBytesPerSec, 500);
  assert.is(second.sentBytesPerSec, 1_000);
  assert.is(second.diskBusyShare, 0.5);
  assert.is(second.diskQueue, 1.5);
  assert.is(second.diskReadBytesPerSec, 256_000);
});

test('this host tells of itself without an error, whatever it is', () => {
  const files = hostFiles();
  const second = secondBetween(takeSample(files, 0, ['self']), takeSample(files, 1e6, ['self']));
  assert.is(second.elapsedUs, 1e6);
});

test.run();
