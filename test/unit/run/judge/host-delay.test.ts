import * as assert from 'uvu/assert';
import type { HostFigures } from '../../../../bench/results/host-figures.ts';
import type { LatencySummary } from '../../../../bench/results/latency.ts';
import { isRetryDue } from '../../../../bench/results/retry.ts';
import { delayedBy } from '../../../../bench/run/judge/host-delay.ts';
import { hostFigures } from '../../../../bench/run/judge/hosts.ts';
import { judge } from '../../../../bench/run/judge/validity.ts';
import { suite } from '../../../support/suite.ts';
import { validityFacts } from '../../../support/validity-facts.ts';

const test = suite('delayed by the host');

const [calm] = hostFigures([{ name: 'load-1', seconds: [] }], { fromSec: 0, endSec: 10 }) as [HostFigures];
const late = {
  ...validityFacts.latencyUs,
  'due-to-sent': { percentilesUs: { p99: 28_000 } } as unknown as LatencySummary,
};

test('late records on a host that loses a tenth are the host’s doing, with the share and the remedy', () => {
  const hosts = [{ ...calm, stolenPercent: 11, stolenMaxPercent: 31 }];
  const { reasons, generatorWasLimit } = judge({ ...validityFacts, latencyUs: late, hosts });
  assert.equal(
    reasons.map(({ code }) => code),
    ['host-delayed'],
  );
  assert.match(reasons[0]?.message ?? '', /load-1 lost 11 % .*up to 31 % .*instance type.*p99 28\.0 ms/);
  assert.ok(generatorWasLimit);
});

test('a throttled container is named by its limit', () => {
  const hosts = [{ ...calm, cpuLimit: 1.5, throttledPercent: 25, throttledMs: 310 }];
  assert.match(delayedBy(hosts) ?? '', /limit of 1\.5 processors.*25 % of its periods, 310 ms/);
});

test('an attempt is not invalid for what it did not suffer from', () => {
  const hosts = [{ ...calm, stolenPercent: 11, stolenMaxPercent: 31 }];
  assert.equal(judge({ ...validityFacts, hosts }).reasons, []);
});

test('late records on a calm host, or on one that tells nothing, stay the generator’s', () => {
  for (const stolenPercent of [null, 0.2]) {
    const hosts = [{ ...calm, stolenPercent, stolenMaxPercent: stolenPercent }];
    const { reasons } = judge({ ...validityFacts, latencyUs: late, hosts });
    assert.equal(
      reasons.map(({ code }) => code),
      ['generator-limit'],
    );
  }
});

test('an attempt that the host spoiled is made again more often than another', () => {
  const reasons = [{ code: 'host-delayed', message: '' }];
  assert.ok(isRetryDue({ outcome: 'invalid', attempt: 1, reasons }));
  assert.not.ok(isRetryDue({ outcome: 'invalid', attempt: 3, reasons }));
  assert.not.ok(isRetryDue({ outcome: 'invalid', attempt: 1, reasons: [{ code: 'lost', message: '' }] }));
});

test('a host’s figures are of the window alone, weighted by time', () => {
  const second = (atSec: number, stolenShare: number, elapsedUs = 1e6) => ({
    atSec,
    second: { ...EMPTY, elapsedUs, stolenShare },
  });
  const [figures] = hostFigures(
    [{ name: 'h', seconds: [second(1, 0.9), second(2, 0.1), second(5, 0.3, 3e6)] }],
    { fromSec: 1, endSec: 5 },
  );
  assert.is(figures?.stolenPercent, 25);
  assert.is(figures?.stolenMaxPercent, 30);
});

const EMPTY = {
  stolenShare: null,
  userShare: null,
  systemShare: null,
  iowaitShare: null,
  idleShare: null,
  pressureShare: { cpu: null, io: null, memory: null },
  throttledPeriodShare: null,
  throttledUs: null,
  cpuLimit: null,
  runQueueWaitUs: null,
  memoryAvailableBytes: null,
  majorFaults: null,
  swappedPages: null,
  receivedBytesPerSec: null,
  sentBytesPerSec: null,
  droppedPackets: null,
  retransmitted: null,
  diskReadBytesPerSec: null,
  diskWrittenBytesPerSec: null,
  diskBusyShare: null,
  diskQueue: null,
  descriptors: null,
  refusedPackets: null,
  mhz: null,
} as const;

test.run();
