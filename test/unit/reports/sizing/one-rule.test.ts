import * as assert from 'uvu/assert';
import { usualFailures } from '../../../../reports/sizing/formulas/failures.ts';
import { checkInput } from '../../../../reports/sizing/input/check.ts';
import {
  partitionsDemandSchema,
  reverseDemandSchema,
  simpleDemandSchema,
} from '../../../../reports/sizing/input/demand.ts';
import { granularDemandSchema } from '../../../../reports/sizing/input/granular.ts';
import { inSyncWarning, resolveData } from '../../../../reports/sizing/resolve.ts';
import { suite } from '../../../support/suite.ts';

/** What is refused and what is assumed is the same in every mode. */
const test = suite('sizing: one rule for every mode');

const producer = { name: 'a', average: '1k/s', messageSize: 1000 };
const MODES = {
  partitions: (more: object) => checkInput(partitionsDemandSchema, { ...more }),
  simple: (more: object) => checkInput(simpleDemandSchema, { average: '50MB/s', ...more }),
  reverse: (more: object) => checkInput(reverseDemandSchema, { brokers: 9, ...more }),
  granular: ({ minInsyncReplicas, replicationFactor, ...more }: Record<string, unknown>) => {
    const own = { minInsyncReplicas, replicationFactor };
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    return checkInput(granularDemandSchema, { producers: [{ ...producer, ...given }], ...more });
  },
};

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { details: string[] }).details.join('\n');
  }
  return 'accepted';
}

test('failures that min.insync.replicas leaves no room for are refused in every mode', () => {
  for (const [mode, check] of Object.entries(MODES)) {
    assert.match(
      refusal(() => check({ minInsyncReplicas: 3, failures: 1 })),
      /leaves room for 0/,
      mode,
    );
    assert.match(
      refusal(() => check({ failures: 2 })),
      /default: replicationFactor − 1\) leaves room for 1/,
      mode,
    );
    assert.match(
      refusal(() => check({ replicationFactor: 1, failures: 1 })),
      /every copy may be lost/,
      mode,
    );
    assert.is(
      refusal(() => check({ failures: 1 })),
      'accepted',
      mode,
    );
    assert.is(
      refusal(() => check({ minInsyncReplicas: 3 })),
      'accepted',
      mode,
    );
  }
});

test('a default never says that a failure is survived which is not', () => {
  const data = resolveData({ minInsyncReplicas: 3 }, null, []);
  assert.is(data.failures, 0);
  assert.match(
    inSyncWarning(data)[0]?.text ?? '',
    /^min\.insync\.replicas 3 of 3: producers with acks=all stop/,
  );
  assert.is(resolveData({}, null, []).failures, 1);
  assert.equal(inSyncWarning(resolveData({}, null, [])), []);
  for (let rf = 1; rf <= 6; rf++) {
    for (let inSync = 1; inSync <= rf; inSync++) assert.ok(usualFailures(rf, inSync) <= rf - inSync);
  }
});

test('figures that nobody means are refused with what was expected', () => {
  const cases: [object, RegExp][] = [
    [{ average: '0MB/s' }, /average: 0MB\/s is not traffic; expected a rate above 0/],
    [{ retention: '0d' }, /retention: 0d keeps nothing/],
    [{ brokers: 1e9 }, /brokers: 1000000000 is too many; expected a whole number of 1 to 10000/],
    [{ zones: '1e9' }, /zones: 1e9 is too many/],
    [{ failures: 'all' }, /failures: "all" is not a number of brokers; expected a whole number, or zone/],
    [{ diskFill: '0%' }, /diskFill: 0 allows no traffic/],
    [{ average: Number.POSITIVE_INFINITY }, /average: infinite; expected a finite number/],
    [{ peakFactor: Number.NaN }, /peakFactor: not a number; expected a finite number/],
    [{ retention: '1e400' }, /retention: "1e400" is infinite/],
  ];
  for (const [answers, expected] of cases) {
    assert.match(
      refusal(() => MODES.simple(answers)),
      expected,
      JSON.stringify(answers),
    );
  }
  for (const groups of [Number.POSITIVE_INFINITY, '1e400', -1, 'many', 1e9]) {
    const text = refusal(() => MODES.partitions({ groups }));
    assert.match(text, /^groups: .*expected/, String(groups));
    assert.not.match(text, /Invalid input|got /);
  }
});

test('a list of groups speaks for itself', () => {
  const text = refusal(() => MODES.partitions({ groups: [{ name: 'g', handler: 5, spares: -1 }] }));
  assert.match(text, /groups\[0\]\.handler: 5 has no unit/);
  assert.match(text, /groups\[0\]\.spares: "-1" is not a count/);
});

test('bytes per second are events by the message size, in a pipeline too', () => {
  const demand = MODES.granular({ producers: [{ ...producer, average: '2MB/s', peak: '5k/s' }] });
  assert.equal(demand.producers[0]?.average, { kind: 'records', perSec: 2000 });
  assert.is(demand.producers[0]?.peak?.perSec, 5000);
});

test.run();
