import * as assert from 'uvu/assert';
import { checkAtOnce, checkUp } from '../../../bench/host/checkup.ts';
import { recordedHost } from '../../support/recorded-host.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a check-up of a host');

const calm = { stolenShare: 0, watchedSec: 3, wakeUpP50Us: 60, wakeUpP99Us: 200 };
const good = {
  'proc/stat': `cpu  1 0 1 1 0 0 0 0\n${[0, 1, 2, 3].map((n) => `cpu${n} 1 0 0\n`).join('')}`,
  'proc/self/timerslack_ns': '50000\n',
  'sys/devices/system/clocksource/clocksource0/current_clocksource': 'kvm-clock\n',
  'sys/devices/system/clocksource/clocksource0/available_clocksource': 'kvm-clock tsc hpet \n',
  'proc/self/limits':
    'Limit  Soft Limit  Hard Limit  Units\nMax open files            65536                65536                files\n',
  'proc/meminfo': 'MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\n',
};
const stateOf = (files: Record<string, string>, check: string, generators = 3) => {
  const findings = checkUp(recordedHost({ ...good, ...files }), generators, calm);
  return findings.find((finding) => finding.check === check);
};

test('a good host has nothing to mend', () => {
  const wrong = checkUp(recordedHost(good), 3, calm).filter(({ remedy }) => remedy !== null);
  assert.equal(wrong, []);
});

test('each fault has its remedy', () => {
  const clock = stateOf(
    { 'sys/devices/system/clocksource/clocksource0/current_clocksource': 'hpet\n' },
    'clock source',
  );
  assert.is(clock?.state, 'warning');
  assert.match(clock?.remedy ?? '', /write tsc to/);
  assert.match(stateOf({}, 'processors for generators', 9)?.remedy ?? '', /9 processors/);
  assert.match(
    stateOf(
      { 'proc/self/limits': 'Max open files            256                1024                files\n' },
      'open files',
    )?.remedy ?? '',
    /ulimit -n/,
  );
  assert.is(stateOf({ 'proc/meminfo': 'MemAvailable: 1000 kB\n' }, 'memory')?.state, 'bad');
  assert.is(stateOf({ 'proc/self/timerslack_ns': '1000000\n' }, 'timer slack')?.state, 'warning');
  assert.match(
    stateOf({ 'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n' }, 'frequency')?.remedy ??
      '',
    /performance/,
  );
});

test('a control group’s limit counts, not the host’s processors', () => {
  const limited = stateOf(
    {
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/cpu.stat': 'usage_usec 1\n',
      'sys/fs/cgroup/cpu.max': '200000 100000\n',
    },
    'processors for generators',
  );
  assert.is(limited?.state, 'warning');
  assert.match(limited?.found ?? '', /2\.0 of 4 \(control group limit\)/);
});

test('what was stolen and late while it was watched is judged by how much', () => {
  const states = (share: number, lateUs: number) =>
    checkUp(recordedHost(good), null, { ...calm, stolenShare: share, wakeUpP99Us: lateUs })
      .slice(0, 2)
      .map(({ state }) => state);
  assert.equal(states(0.02, 2_000), ['warning', 'warning']);
  assert.equal(states(0.11, 30_000), ['bad', 'bad']);
});

test('a host that tells nothing is unknown, and not good', () => {
  const states = new Set(checkAtOnce(recordedHost({}), 2).map(({ state }) => state));
  assert.equal([...states], ['unknown']);
});

test.run();
