import * as assert from 'uvu/assert';
import { AllowanceReader, parseAllowances } from '../../../bench/host/allowances.ts';
import { readCgroup } from '../../../bench/host/cgroup.ts';
import { readCpuTimes } from '../../../bench/host/cpu.ts';
import { readBusyMsOf, readDisks } from '../../../bench/host/disk.ts';
import { readMemory } from '../../../bench/host/memory.ts';
import { readNetwork, readSocketLimits } from '../../../bench/host/network.ts';
import { readPressure } from '../../../bench/host/pressure.ts';
import { takeSample } from '../../../bench/host/sample.ts';
import { readThreadTimes } from '../../../bench/host/threads.ts';
import { recordedHost } from '../../support/recorded-host.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what a host tells');

test('CPU times of a virtual machine, in ticks of 10 ms, with what was stolen', () => {
  const host = recordedHost({
    'proc/stat':
      'cpu  300 20 100 1000 50 3 7 150 0 0\ncpu0 150 10 50 500 25 1 3 75 0 0\ncpu1 150 10 50 500 25 2 4 75 0 0\nintr 1\n',
  });
  assert.equal(readCpuTimes(host), {
    userUs: 3_200_000,
    systemUs: 1_100_000,
    idleUs: 10_000_000,
    iowaitUs: 500_000,
    stolenUs: 1_500_000,
    processors: 2,
  });
});

test('a kernel that ends its line before steal has none stolen', () => {
  const host = recordedHost({ 'proc/stat': 'cpu  10 0 10 80 1\ncpu0 10 0 10 80 1\n' });
  assert.is(readCpuTimes(host)?.stolenUs, 0);
});

test('pressure, with and without the line for full', () => {
  const line = (total: number) => `avg10=0.00 avg60=1.20 avg300=0.40 total=${total}`;
  const host = recordedHost({
    'proc/pressure/cpu': `some ${line(12_345)}\n`,
    'proc/pressure/io': `some ${line(10)}\nfull ${line(4)}\n`,
  });
  assert.equal(readPressure(host), {
    cpu: { someUs: 12_345, fullUs: null },
    io: { someUs: 10, fullUs: 4 },
    memory: null,
  });
});

test('cgroup v2: the least limit of the group and those above it, and what it held back', () => {
  const stat =
    'usage_usec 9000\nuser_usec 1\nsystem_usec 2\nnr_periods 100\nnr_throttled 25\nthrottled_usec 31000\n';
  const host = recordedHost({
    'proc/self/cgroup': '0::/kubepods/pod1/agent\n',
    'sys/fs/cgroup/kubepods/pod1/agent/cpu.stat': stat,
    'sys/fs/cgroup/kubepods/pod1/agent/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/kubepods/pod1/cpu.max': '150000 100000\n',
    'sys/fs/cgroup/kubepods/pod1/agent/memory.max': '1073741824\n',
    'sys/fs/cgroup/kubepods/pod1/agent/memory.current': '52428800\n',
  });
  assert.equal(readCgroup(host), {
    version: 2,
    cpuLimit: 1.5,
    cpuUs: 9_000,
    throttledPeriods: 25,
    periods: 100,
    throttledUs: 31_000,
    memoryLimitBytes: 2 ** 30,
    memoryBytes: 50 * 2 ** 20,
  });
});

test('cgroup v2 in a container that sees its own group as the root', () => {
  const host = recordedHost({
    'proc/self/cgroup': '0::/../../system.slice\n',
    'sys/fs/cgroup/cpu.stat': 'usage_usec 5\nnr_periods 2\nnr_throttled 1\nthrottled_usec 7\n',
    'sys/fs/cgroup/cpu.max': '50000 100000\n',
  });
  assert.is(readCgroup(host)?.cpuLimit, 0.5);
  assert.is(readCgroup(host)?.throttledUs, 7);
});

test('cgroup v1: controllers in folders of their own, times in ns, and a number that means no limit', () => {
  const host = recordedHost({
    'proc/self/cgroup': '4:memory:/docker/a\n3:cpu,cpuacct:/docker/a\n1:name=systemd:/docker/a\n',
    'sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_quota_us': '200000\n',
    'sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_period_us': '100000\n',
    'sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.stat': 'nr_periods 10\nnr_throttled 4\nthrottled_time 5000000\n',
    'sys/fs/cgroup/cpu,cpuacct/docker/a/cpuacct.usage': '7000000\n',
    'sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes': '9223372036854771712\n',
    'sys/fs/cgroup/memory/docker/a/memory.usage_in_bytes': '4096\n',
  });
  assert.equal(readCgroup(host), {
    version: 1,
    cpuLimit: 2,
    cpuUs: 7_000,
    throttledPeriods: 4,
    periods: 10,
    throttledUs: 5_000,
    memoryLimitBytes: null,
    memoryBytes: 4_096,
  });
});

test('how long the threads of a process ran and waited', () => {
  const host = recordedHost({
    'proc/42/task/42/schedstat': '5000000 2000000 9\n',
    'proc/42/task/43/schedstat': '1000000 500000 3\n',
  });
  assert.equal(readThreadTimes(host, 42), { runUs: 6_000, waitUs: 2_500, threads: 2 });
  assert.is(readThreadTimes(host, 7), null);
});

test('memory, faults and swap', () => {
  const host = recordedHost({
    'proc/meminfo': 'MemTotal:       2048 kB\nMemFree:  10 kB\nMemAvailable:    1024 kB\n',
    'proc/vmstat': 'pgfault 9\npgmajfault 3\npswpin 4\npswpout 5\n',
  });
  assert.equal(readMemory(host), {
    availableBytes: 2 ** 20,
    totalBytes: 2 ** 21,
    majorFaults: 3,
    swappedPages: 9,
  });
});

test('interfaces with what they dropped, and TCP segments sent again', () => {
  const host = recordedHost({
    'proc/net/dev':
      'Inter-|   Receive  |  Transmit\n face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed\n' +
      '    lo:  100 1 0 0 0 0 0 0  100 1 0 0 0 0 0 0\n  eth0: 5000 9 1 2 0 0 0 0 7000 9 3 4 0 0 0 0\n',
    'proc/net/snmp':
      'Ip: Forwarding\nIp: 1\nTcp: RtoAlgorithm ActiveOpens RetransSegs InErrs\nTcp: 1 5 17 0\n',
    'proc/sys/net/core/rmem_max': '212992\n',
  });
  const { interfaces, retransmitted } = readNetwork(host);
  assert.equal(interfaces[1], { name: 'eth0', receivedBytes: 5_000, sentBytes: 7_000, dropped: 10 });
  assert.is(retransmitted, 17);
  assert.equal(readSocketLimits(host), { receive: 212_992, send: null });
});

test('disks without their partitions, loops and memory devices', () => {
  const host = recordedHost({
    'sys/block/nvme0n1/size': '1\n',
    'sys/block/loop0/size': '1\n',
    'proc/diskstats':
      ' 259 0 nvme0n1 10 0 100 5 20 0 400 8 0 90 130 0 0 0 0\n 259 1 nvme0n1p1 1 0 8 1 1 0 8 1 0 2 2\n 7 0 loop0 1 0 8 1 1 0 8 1 0 2 2\n',
  });
  assert.equal(readDisks(host), [
    { name: 'nvme0n1', readBytes: 51_200, writtenBytes: 204_800, busyMs: 90, queuedMs: 130 },
  ]);
});

test('WSL 2: controllers of version 1 beside an empty version 2, no pressure, nothing stolen', () => {
  const groups = ['cpuset', 'cpu', 'cpuacct', 'blkio', 'memory', 'devices', 'freezer', 'net_cls', 'pids'];
  const host = recordedHost({
    'proc/self/cgroup': `${groups.map((name, i) => `${i + 1}:${name}:/`).join('\n')}\n0::/\n`,
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    'sys/fs/cgroup/cpu/cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 0\n',
    'sys/fs/cgroup/cpuacct/cpuacct.usage': '5123000000\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    'sys/fs/cgroup/unified/cgroup.controllers': '\n',
    'proc/stat': 'cpu  900 0 300 8000 20 0 40 0 0 0\ncpu0 450 0 150 4000 10 0 20 0 0 0\n',
    'sys/block/sdc/size': '536870912\n',
    'proc/diskstats': '   8      32 sdc 9000 4000 640000 8000 5000 7000 480000 20000 0 9000 28000 0 0 0 0\n',
    'proc/net/dev':
      'Inter-|\n face |\n    lo: 10 1 0 0 0 0 0 0 10 1 0 0 0 0 0 0\n  eth0: 500 9 0 0 0 0 0 3 700 9 0 0 0 0 0 0\n',
  });
  const sample = takeSample(host, 1, ['self']);
  assert.is(sample.cgroup?.version, 1);
  assert.is(sample.cgroup?.cpuLimit, null);
  assert.is(sample.cgroup?.cpuUs, 5_123_000);
  assert.equal(sample.pressure, { cpu: null, io: null, memory: null });
  assert.is(sample.cpu?.stolenUs, 0);
  assert.equal(
    sample.disks.map(({ name, busyMs }) => [name, busyMs]),
    [['sdc', 9_000]],
  );
  assert.is(sample.mhz, null);
});

test('the disk of a process’s file is that of the nearest mount, a loop device too; overlay has none', () => {
  const host = recordedHost({
    'proc/9/mountinfo':
      '20 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n31 20 7:3 / /data/logs rw,relatime shared:9 - ext4 /dev/loop3 rw\n32 20 0:44 / /var/overlay rw - overlay overlay rw\n',
    'proc/diskstats': ' 7 3 loop3 1 0 8 1 1 0 8 1 0 120 2\n 254 0 vda 1 0 8 1 1 0 8 1 0 77 2\n',
  });
  assert.is(readBusyMsOf(host, 9, '/data/logs/broker-1'), 120);
  assert.is(readBusyMsOf(host, 9, '/data/logs-of-old'), 77);
  assert.is(readBusyMsOf(host, 9, '/var/overlay/kafka'), null);
  assert.is(readBusyMsOf(host, 8, '/data/logs'), null);
});

test('allowances that an EC2 instance exceeded; none where the driver is another', () => {
  const text =
    'NIC statistics:\n     tx_timeout: 0\n     bw_in_allowance_exceeded: 3\n     bw_out_allowance_exceeded: 12\n     pps_allowance_exceeded: 0\n     conntrack_allowance_exceeded: 0\n';
  assert.is(parseAllowances(text)?.bandwidthOutExceeded, 12);
  assert.is(parseAllowances('NIC statistics:\n     rx_packets: 1\n'), null);
});

test('the allowances of ENA interfaces are read together, and ethtool is not asked of others', async () => {
  const asked: string[] = [];
  const readerOf = (driver: string, answer: () => Promise<string>) =>
    new AllowanceReader(
      recordedHost({
        'sys/class/net/ens5/device/uevent': `DRIVER=${driver}\nPCI_CLASS=20000\n`,
        'sys/class/net/lo/mtu': '65536\n',
      }),
      (name) => {
        asked.push(name);
        return answer();
      },
    );
  const text = '     bw_in_allowance_exceeded: 3\n     pps_allowance_exceeded: 4\n';
  const ena = readerOf('ena', () => Promise.resolve(text));
  assert.is(ena.refused, null);
  await Promise.all([ena.read(), ena.read()]);
  assert.equal([ena.refused, asked], [7, ['ens5']]);
  const virtio = readerOf('virtio_net', () => Promise.resolve(text));
  await virtio.read();
  assert.equal([virtio.refused, asked.length], [null, 1]);
  const without = readerOf('ena', () => Promise.reject(new Error('ENOENT')));
  await without.read();
  assert.is(without.refused, null);
});

test('a host without any of it, as macOS, tells less and fails nothing', () => {
  const sample = takeSample(recordedHost({}), 1, ['self']);
  assert.is(sample.cpu, null);
  assert.is(sample.cgroup, null);
  assert.is(sample.threads, null);
  assert.equal(sample.pressure, { cpu: null, io: null, memory: null });
  assert.equal(sample.network, { interfaces: [], retransmitted: null });
});

test('files that are torn or hold something else tell nothing, and throw nothing', () => {
  const host = recordedHost({
    'proc/stat': 'cpuinfo?\n',
    'proc/pressure/cpu': 'total=abc\n',
    'proc/self/cgroup': '::::\n',
    'proc/net/dev': 'Inter-|\n face |\n eth0: what\n',
    'proc/diskstats': 'x\n',
    'proc/meminfo': '\u0000\n',
  });
  const sample = takeSample(host, 1, ['self']);
  assert.is(sample.cpu, null);
  assert.is(sample.pressure.cpu, null);
  assert.equal(sample.network.interfaces, []);
  assert.equal(sample.disks, []);
});

test.run();
