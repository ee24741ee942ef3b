import * as assert from 'uvu/assert';
import type { HostFigures } from '../../../../bench/results/host-figures.ts';
import { hostFigures } from '../../../../bench/run/judge/hosts.ts';
import { hostAtLimit, hostsNeeded, neededText } from '../../../../bench/run/judge/hosts-needed.ts';
import { judge } from '../../../../bench/run/judge/validity.ts';
import { suite } from '../../../support/suite.ts';
import { validityFacts } from '../../../support/validity-facts.ts';

const test = suite('how many load hosts a rate needs');

const [calm] = hostFigures([{ name: 'load-1', seconds: [] }], { fromSec: 0, endSec: 10 }) as [HostFigures];
const host = (name: string, figures: Partial<HostFigures>): HostFigures => ({
  ...calm,
  name,
  iowaitPercent: 0,
  stolenPercent: 0,
  ...figures,
});
const rate = { offeredPerSec: 30_000, achievedPerSec: 20_000 };

test('by what the hosts used of their processors at the rate that was achieved, planned to 70 %', () => {
  // 1.6 hosts at 20,000/s are 2.4 at 30,000/s; 2.4 ÷ 0.7 = 3.43.
  const hosts = [host('a', { idlePercent: 0 }), host('b', { idlePercent: 40 })];
  const needed = hostsNeeded(hosts, rate, {});
  assert.is(needed?.hosts, 4);
  assert.is(needed?.resource, 'processors');
  assert.ok(Math.abs((needed?.fullHosts ?? 0) - 2.4) < 1e-9);
  assert.match(
    neededText(needed),
    /^; the offered rate would need 4 hosts of this kind, .* 70 % of its proc/,
  );
});

test('by the network where that runs out first, in the direction that is fuller', () => {
  const hosts = [host('a', { idlePercent: 90, sentBytesPerSec: 20e6, receivedBytesPerSec: 96e6 })];
  const needed = hostsNeeded(hosts, rate, { a: 100e6 });
  assert.is(needed?.resource, 'network');
  assert.is(needed?.hosts, 3);
  assert.is(hostAtLimit(hosts, { a: 100e6 }), 'load host a used 96 % of its network’s baseline');
});

test('of the processors’ time that was not stolen', () => {
  const hosts = [host('a', { idlePercent: 10, stolenPercent: 50 })];
  assert.is(hostsNeeded(hosts, { offeredPerSec: 1_000, achievedPerSec: 1_000 }, {})?.fullHosts, 0.8);
});

test('nothing is said where a host does not tell, nothing is offered, or nothing was achieved', () => {
  assert.is(hostsNeeded([host('a', { idlePercent: 10 }), host('b', { idlePercent: null })], rate, {}), null);
  const hosts = [host('a', { idlePercent: 10 })];
  assert.is(hostsNeeded(hosts, { offeredPerSec: null, achievedPerSec: 1 }, {}), null);
  assert.is(hostsNeeded(hosts, { offeredPerSec: 1, achievedPerSec: 0 }, {}), null);
  assert.is(hostsNeeded([], rate, {}), null);
  assert.is(neededText(null), '');
});

test('a load host at its end makes a repeat that fell short invalid by its name, with the count', () => {
  const short = { ...validityFacts.rate, achievedPerSec: 900, achievedOverOffered: 0.9 };
  const atLimit = { hostAtLimit: 'load host a used 98 % of its processors', hostsNeeded: '; 4 hosts' };
  const { reasons, generatorWasLimit } = judge({ ...validityFacts, ...atLimit, rate: short });
  assert.equal(
    reasons.map(({ code }) => code),
    ['host-limit', 'not-sustained'],
  );
  assert.is(reasons[0]?.message, 'load host a used 98 % of its processors; 4 hosts');
  assert.ok(generatorWasLimit);
  assert.equal(judge({ ...validityFacts, ...atLimit }).reasons, []);
});

test.run();
