import type { BrokerSecondRow } from '../../bench/results/broker-seconds.ts';
import { formatUnit } from '../../bench/results/figure-units.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { SeriesRow } from '../../bench/results/series-columns.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import type { View } from './view.ts';

const SHOWN = 10;
/** What is worth naming beside a slow second. */
const STOLEN_PERCENT = 1;
const THROTTLED_PERCENT = 1;
const PRESSURE_PERCENT = 30;
const GC_MS = 20;
const HANDLERS_BUSY = 0.85;
const DISK_BUSY = 0.85;
const COMPACTED_BYTES_PER_SEC = 100_000;
/** A disruption is felt for some seconds. */
const DISRUPTION_SEC = 5;

interface Second {
  readonly cell: string;
  readonly repeat: RepeatResult;
  readonly row: SeriesRow;
  readonly tSec: number;
  readonly p99Us: number;
}

/** What a broker's metrics say of one second, and of the one before it where a change tells. */
function brokerEvents({ broker, figures }: BrokerSecondRow, before: BrokerSecondRow | undefined): string[] {
  const of = (figure: string): number => figures[figure] ?? 0;
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  const events: string[] = [];
  const [led, leads] = [before?.figures['leaders'] ?? null, figures['leaders'] ?? null];
  if (led !== null && leads !== null && led !== leads)
    events.push(`election: ${broker} leads ${leads} partitions, ${led} before`);
  if (of('gcMsPerSec') >= GC_MS)
    events.push(`garbage collection of ${of('gcMsPerSec').toFixed(0)} ms on ${broker}`);
  if (of('cpuThrottledPeriodsPerSec') > 0) events.push(`CPU limit of ${broker} reached`);
  if (of('isrShrinksPerSec') >= 0.5) events.push(`in-sync replicas shrank on ${broker}`);
  if (of('underReplicated') >= 1)
    events.push(`${figures['underReplicated']} partitions under-replicated on ${broker}`);
  if (of('compactedBytesPerSec') >= COMPACTED_BYTES_PER_SEC)
    events.push(`compaction of ${formatUnit(of('compactedBytesPerSec'), 'bytesPerSec')} on ${broker}`);
  if (of('diskBusy') >= DISK_BUSY) events.push(`disk of ${broker} ${percent(of('diskBusy'))} busy`);
  const idle = figures['requestHandlerIdle'] ?? null;
  if (idle !== null && 1 - idle >= HANDLERS_BUSY)
    events.push(`request handlers of ${broker} ${percent(1 - idle)} busy`);
  return events;
}

/** What happened in one second, in words; the likeliest cause first. */
function eventsOf(row: SeriesRow, repeat: RepeatResult, fromBrokers: readonly string[]): string[] {
  const events: string[] = [];
  const tSec = row.tSec ?? 0;
  for (const { action, atSec } of repeat.disruptions) {
    const since = tSec - atSec;
    if (since >= 0 && since <= DISRUPTION_SEC) events.push(`${action} ${since.toFixed(0)} s before`);
  }
  const over = (value: number | null, limit: number): value is number => value !== null && value >= limit;
  if (over(row.hostStolenPercent, STOLEN_PERCENT))
    events.push(`${row.hostStolenPercent.toFixed(0)} % of the load host’s CPU time stolen`);
  if (over(row.hostThrottledPercent, THROTTLED_PERCENT))
    events.push(`load host throttled in ${row.hostThrottledPercent.toFixed(0)} % of periods`);
  events.push(...fromBrokers);
  if (over(row.rebalances, 1)) events.push('rebalance of the consumers');
  if (over(row.queueFullMs, 100)) events.push(`client queue full for ${row.queueFullMs.toFixed(0)} ms`);
  if (over(row.hostCpuPressurePercent, PRESSURE_PERCENT))
    events.push(
      `tasks on the load host waited for a processor ${row.hostCpuPressurePercent.toFixed(0)} % of the time`,
    );
  if (over(row.hostIoPressurePercent, PRESSURE_PERCENT))
    events.push(`and for its disk ${row.hostIoPressurePercent.toFixed(0)} %`);
  return events;
}

/** The seconds of the run with the highest p99, and what happened in them. Null where no latency was measured. */
export async function worstSecondsView(run: LoadedRun, cells: readonly CellSummary[]): Promise<View | null> {
  const all: Second[] = [];
  for (const cell of cells) {
    for (const repeat of cell.repeats) {
      for (const row of await run.series(repeat)) {
        if (row.phase !== 'measure' || row.dueToAckP99Us === null || row.tSec === null) continue;
        all.push({
          cell: cell.name,
          repeat,
          row,
          tSec: row.tSec,
          p99Us: row.dueToAckP99Us,
        });
      }
    }
  }
  if (all.length === 0) return null;
  const worst = all.toSorted((a, b) => b.p99Us - a.p99Us).slice(0, SHOWN);
  const rows = await Promise.all(
    worst.map(async ({ cell, repeat, row, tSec, p99Us }) => {
      const told = await run.brokerSeconds(repeat);
      const fromBrokers = told
        .filter((one) => one.tSec === tSec)
        .flatMap((one) =>
          brokerEvents(
            one,
            told.find((other) => other.broker === one.broker && other.tSec === tSec - 1),
          ),
        );
      const events = eventsOf(row, repeat, fromBrokers);
      return {
        known: events.length > 0,
        fields: [
          cell,
          String(repeat.block),
          String(tSec),
          formatUnit(p99Us, 'us'),
          events.join('; ') || 'nothing that was looked at',
        ],
      };
    }),
  );
  const known = rows.filter((row) => row.known).length;
  return {
    title: 'The worst seconds, and what happened in them',
    reading: `In ${known} of the ${rows.length} seconds with the highest due→ack p99 something else was seen. Beside a slow second is not yet the cause of it.`,
    table: {
      caption: 'Seconds by due→ack p99',
      columns: [
        { head: 'Cell' },
        { head: 'Block', numeric: true },
        { head: 'Second', numeric: true },
        { head: 'p99', numeric: true },
        { head: 'In this second' },
      ],
      rows,
    },
  };
}
