import { createRandom } from '../../bench/common/random.ts';
import { compactSeries } from '../../bench/jobs/nightly/history/compact.ts';
import { type NightLine, nightIdOf } from '../../bench/jobs/nightly/history/record.ts';
import { judgeNight } from '../../bench/jobs/nightly/judge.ts';
import type { NightReport } from '../../bench/jobs/nightly/report.ts';
import type { SeriesReport } from '../../bench/jobs/nightly/series-report.ts';
import { normals } from './numbers.ts';

function lineOf(i: number, value: number): NightLine {
  const at = new Date(Date.UTC(2026, 0, 1 + i, 1));
  return {
    v: 1,
    type: 'night',
    night: nightIdOf(at),
    at: at.toISOString(),
    value,
    spread: { n: 5, min: value * 0.98, max: value * 1.03, iqr: value * 0.01 },
    invalid: 0,
    label: null,
    commit: null,
    environment: (i < 20 ? 'a' : 'b').repeat(64),
    definition: 'c'.repeat(64),
    run: 'd'.repeat(64),
    folder: 'nights/x',
    imported: false,
  };
}

/** A series of nights, made up, as its history and its judgement. */
export function seriesOf(cell: string, values: readonly number[], canary: boolean): SeriesReport {
  const content = compactSeries({
    header: null,
    nights: values.map((value, i) => lineOf(i, value)),
    accepted: [],
    forgotten: [],
    setAside: [],
  });
  const { nights, tail, comparableFrom, environmentChanges } = content;
  const judged = {
    id: cell,
    metric: 'due-to-ack.p50',
    direction: 'lower-is-better' as const,
    delta: 0.03,
    times: nights.times,
    values: nights.values,
    accepted: [],
  };
  const [own] = judgeNight({ series: [judged], canaries: [], drift: [], family: 1 }).series;
  return {
    name: `s/${cell}/due-to-ack.p50`,
    cell,
    metric: 'due-to-ack.p50',
    canary,
    direction: 'lower-is-better',
    delta: 0.03,
    verdict: own?.verdict ?? 'learning',
    nights,
    tail,
    comparableFrom,
    changes: own?.changes ?? [],
    state: own?.night ?? null,
    spoiled: own?.spoiled ?? [],
    strayShare: own?.strayShare ?? 0,
    accepted: [{ night: '20260110T010000Z', by: 'Ann <ann@example.com>', why: 'new disks & "fans"' }],
    environmentChanges,
  };
}

/** Nights that differ by noise alone. */
export const steady = (seed: number, count: number, level = 1500): number[] =>
  normals(createRandom(seed), count, level, 10);

/** A night that a series was slower in. */
export function nightReportOf(more: Partial<NightReport> = {}): NightReport {
  const series = [
    seriesOf('linger.ms=0 | <b>', [...steady(1, 40), ...steady(2, 3, 1700)], false),
    seriesOf('linger.ms=5', steady(3, 43), false),
    seriesOf('baseline', steady(4, 43), true),
  ];
  return {
    suite: 'nightly',
    night: '20260212T010000Z',
    at: '2026-02-12T01:00:00.000Z',
    label: 'v4.1',
    series,
    canary: { moved: false, reasons: [], series: [] },
    thresholds: [
      {
        text: 'due-to-ack p50 < 1ms',
        cellId: 'a',
        label: 'linger.ms=0',
        observed: 1500,
        min: 1490,
        max: 1510,
        limit: 1000,
        unit: 'µs',
        passed: false,
      },
    ],
    notes: ['a note with | a bar'],
    setAside: [{ file: 'series/x.ndjson', line: 3, kind: 'damaged', message: 'no JSON' }],
    nights: [
      {
        night: '20260212T010000Z',
        finishedAt: '2026-02-12T02:00:00.000Z',
        suite: 'nightly',
        label: 'v4.1',
        commit: null,
        environment: 'b'.repeat(64),
        status: 5,
        regressed: ['s/linger.ms=0/due-to-ack.p50'],
        warned: [],
        improved: [],
        suspended: [],
        breaches: [],
        notes: [],
        report: 'nights/20260212T010000Z/report.html',
      },
    ],
    status: 5,
    ...more,
  };
}
