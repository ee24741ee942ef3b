import * as assert from 'uvu/assert';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('workloads with share groups');

type Input = Parameters<typeof resolveWorkload>[0];

function problems(input: object): string[] {
  let found: string[] = [];
  try {
    resolveWorkload({ name: 'x', ...input } as Input, '.', (all) => {
      found = all.map(({ path, message }) => `${path.join('.')}: ${message}`);
      throw new Error('refused');
    });
  } catch (error) {
    if ((error as Error).message !== 'refused') throw error;
  }
  return found;
}

const SHARE = { type: 'share', release: 0.1, groupConfigs: { 'share.record.lock.duration.ms': 15_000 } };

test('a share group with its own settings is fine', () => {
  assert.equal(problems({ consumers: SHARE, consumer: { 'max.poll.records': 10 } }), []);
});

for (const [what, input, expected] of [
  ['an existing topic', { topic: { existing: true, name: 't' } }, /^topic\.existing: a share group begins/],
  [
    'a setting of consumer groups',
    { consumer: { 'isolation.level': 'read_committed' } },
    /^consumer\.isolation\.level: a share group has no such/,
  ],
  [
    'a killed member',
    { disruptions: [{ at: '1s', action: 'kill-consumer' }] },
    /^disruptions\.0\.action: .*stop-consumer/,
  ],
  ['more than all deliveries', { consumers: { ...SHARE, reject: 0.95 } }, /^consumers\.release: .*at most 1/],
  [
    'another start',
    { consumers: { ...SHARE, groupConfigs: { 'share.auto.offset.reset': 'latest' } } },
    /^consumers\.groupConfigs\.share\.auto\.offset\.reset: has to be earliest/,
  ],
  [
    'the same without a share group',
    { consumers: { ...SHARE, type: 'consumer', groupConfigs: {} } },
    /^consumers\.release: .*consumers\.type: share/,
  ],
  [
    'a config of share groups without one',
    { consumers: { groupConfigs: { 'share.record.lock.duration.ms': 1 } } },
    /^consumers\.groupConfigs\.share\.record\.lock\.duration\.ms: .*consumers\.type: share/,
  ],
] as const) {
  test(`${what} is refused by name`, () => {
    const found = problems({ consumers: SHARE, ...input });
    assert.is(found.length, 1, found.join('\n'));
    assert.match(found[0] as string, expected);
  });
}

for (const [what, consumers, expected] of [
  ['all groups', { groups: 1, late: { after: '1s' } }, /^consumers\.late\.groups: of 1 groups/],
  ['after the window', { groups: 2, late: { after: '90s' } }, /^consumers\.late\.after: lies beyond/],
  [
    'with a backlog',
    { groups: 2, backlog: 5, late: { after: '1s' } },
    /^consumers\.late\.after: needs producers/,
  ],
] as const) {
  test(`late groups: ${what} is refused`, () => {
    const found = problems({ consumers, load: { duration: '20s' } });
    assert.is(found.length, 1, found.join('\n'));
    assert.match(found[0] as string, expected);
  });
}

test.run();
