import * as assert from 'uvu/assert';
import type { BrokerSample, Measurement } from '../../../bench/run/measurement.ts';
import { brokerCpuUs } from '../../../bench/run/series.ts';
import { suite } from '../../support/suite.ts';

const test = suite('broker CPU over time');

const of = (...brokers: BrokerSample[]): Measurement => ({ brokers }) as unknown as Measurement;

test('is a difference between the same processes only', () => {
  const before = { atSec: 0, cpuUs: 900_000, processes: '10@5 11@5' };
  const after = { atSec: 1, cpuUs: 1_300_000, processes: '10@5 11@5' };
  assert.is(brokerCpuUs(of(before, after), 0, 1), 400_000);
  // One was restarted and counts from 0 again: the bare difference would be negative.
  const restarted = { atSec: 1, cpuUs: 700_000, processes: '10@5 12@9' };
  assert.is(brokerCpuUs(of(before, restarted), 0, 1), null);
  assert.is(brokerCpuUs(of(before, { atSec: 1, cpuUs: null }), 0, 1), null);
  assert.is(brokerCpuUs(of(before), 0, 1), null);
});

test.run();
