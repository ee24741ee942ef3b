import * as assert from 'uvu/assert';
import type { BrokerSecondRow } from '../../../bench/results/broker-seconds.ts';
import type { LoadedRun } from '../../../bench/results/load-run.ts';
import { SERIES_COLUMNS, type SeriesRow } from '../../../bench/results/series-columns.ts';
import type { CellSummary } from '../../../reports/run/cell-summary.ts';
import { worstSecondsView } from '../../../reports/views/worst-seconds.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the worst seconds of a run');

const untold = Object.fromEntries(SERIES_COLUMNS.map((column) => [column, null])) as unknown as SeriesRow;
const row = (tSec: number, more: Partial<SeriesRow> = {}): SeriesRow => ({
  ...untold,
  tSec,
  phase: 'measure',
  dueToAckP99Us: 1_000 * (tSec + 1),
  ...more,
});
const broker = (tSec: number, figures: Record<string, number>): BrokerSecondRow => ({
  broker: 'kafka-1:7071',
  tSec,
  figures,
});

/** What stands beside the last of two seconds. */
async function beside(
  last: Record<string, number>,
  more: Partial<SeriesRow> = {},
  disruptions: readonly object[] = [],
): Promise<string> {
  const repeat = { block: 0, disruptions };
  const run = {
    series: async () => [row(3), row(4, more)],
    brokerSeconds: async () => [broker(3, { leaders: 4 }), broker(4, last)],
  } as unknown as LoadedRun;
  const cells = [{ name: 'baseline', repeats: [repeat] }] as unknown as CellSummary[];
  const [first] = (await worstSecondsView(run, cells))?.table.rows ?? [];
  return first?.fields.at(-1) ?? '';
}

test('each event that a broker tells of stands beside its second', async () => {
  assert.is(await beside({ leaders: 2 }), 'election: kafka-1:7071 leads 2 partitions, 4 before');
  assert.is(await beside({ gcMsPerSec: 45 }), 'garbage collection of 45 ms on kafka-1:7071');
  assert.is(await beside({ cpuThrottledPeriodsPerSec: 3 }), 'CPU limit of kafka-1:7071 reached');
  assert.is(await beside({ isrShrinksPerSec: 1 }), 'in-sync replicas shrank on kafka-1:7071');
  assert.is(await beside({ underReplicated: 2 }), '2 partitions under-replicated on kafka-1:7071');
  assert.match(await beside({ compactedBytesPerSec: 5e6 }), /^compaction of .*5.* on kafka-1:7071$/);
  assert.is(await beside({ diskBusy: 0.97 }), 'disk of kafka-1:7071 97 % busy');
  assert.is(await beside({ requestHandlerIdle: 0.04 }), 'request handlers of kafka-1:7071 96 % busy');
});

test('so does what the load host lost, and a disruption for five seconds', async () => {
  assert.match(await beside({}, { hostStolenPercent: 12 }), /^12 % of the load host’s CPU time stolen$/);
  assert.is(await beside({}, { rebalances: 2 }), 'rebalance of the consumers');
  assert.is(await beside({}, {}, [{ action: 'kill-broker 0', atSec: 2 }]), 'kill-broker 0 2 s before');
  assert.is(await beside({}, {}, [{ action: 'kill-broker 0', atSec: -2 }]), 'nothing that was looked at');
});

test('a broker at rest, and one that leads as many as before, is no event', async () => {
  const calm = {
    leaders: 4,
    gcMsPerSec: 2,
    compactedBytesPerSec: 200,
    diskBusy: 0.1,
    requestHandlerIdle: 0.9,
  };
  assert.is(await beside(calm), 'nothing that was looked at');
});

test.run();
