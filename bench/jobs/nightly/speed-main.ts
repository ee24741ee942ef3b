import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closePool } from '../../common/pool.ts';
import { createRandom, type Random } from '../../common/random.ts';
import type { NightLine } from './history/record.ts';
import { nightIdOf, timeOfNight } from './history/record.ts';
import { seriesPath } from './history/series-id.ts';
import { HistoryStore, lineOf } from './history/store.ts';
import { judgeSuite } from './report.ts';
import { writeNightViews } from './views/write.ts';
import { deltasOf, NIGHTLY_METRICS } from './watched.ts';

/** `npm run bench:nightly`: ten years of nights × 200 series, written, read, analysed and drawn; prints the times. */

const NIGHTS = 3_650;
const CELLS = 20;
const DIGEST = '0'.repeat(64);

/** Levels that change about once a year, noise of 1.5 %, and one spoiled night in fifty. */
function* values(random: Random): Generator<number> {
  let level = 1000;
  for (;;) {
    if (random.next() < 1 / 365) level *= 0.9 + 0.2 * random.next();
    const noise = random.next() + random.next() + random.next() + random.next() - 2;
    yield level * Math.exp(0.026 * noise + (random.next() < 0.02 ? 0.1 : 0));
  }
}

function linesOf(random: Random): string[] {
  const source = values(random);
  return Array.from({ length: NIGHTS }, (_, i) => {
    const at = new Date(Date.UTC(2016, 0, 1 + i, 1));
    const value = source.next().value as number;
    const line: NightLine = {
      v: 1,
      type: 'night',
      night: nightIdOf(at),
      at: at.toISOString(),
      value,
      spread: { n: 5, min: value * 0.99, max: value * 1.01, iqr: value * 0.01 },
      invalid: 0,
      label: null,
      commit: null,
      environment: DIGEST,
      definition: DIGEST,
      run: DIGEST,
      folder: 'nights/x',
      imported: false,
    };
    return lineOf(line);
  });
}

const dir = await mkdtemp(join(tmpdir(), 'ksweep-speed-'));
const peak = { rss: 0 };
const watch = setInterval(() => {
  peak.rss = Math.max(peak.rss, process.memoryUsage().rss);
}, 20);
try {
  const store = await HistoryStore.open(dir);
  const random = createRandom(1);
  for (let cell = 0; cell < CELLS; cell++) {
    for (const { metric } of NIGHTLY_METRICS) {
      const id = { suite: 'speed', cell: `linger.ms=${cell}`, metric: metric.key };
      await store.append('speed', [{ path: seriesPath(id), lines: linesOf(random.fork(seriesPath(id))) }]);
    }
  }
  const timed = async <T>(name: string, body: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await body();
    console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(2)} s`);
    return result;
  };
  const stored = await timed('read', () => store.series());
  const last = stored[0]?.content.nights.names.at(-1) ?? null;
  const judged = await timed('analyse', () => judgeSuite(stored, last, deltasOf(undefined, []), []));
  await closePool();
  console.log(`${stored.length} series × ${NIGHTS} nights, peak memory ${(peak.rss / 1e6).toFixed(0)} MB`);
  const report = {
    suite: 'speed',
    night: last,
    at: null,
    label: null,
    ...judged,
    thresholds: [],
    setAside: [],
    nights: (stored[0]?.content.nights.names ?? []).map((night) => ({
      night,
      finishedAt: new Date(timeOfNight(night)).toISOString(),
      suite: 'speed',
      label: null,
      commit: null,
      environment: DIGEST,
      status: 0,
      regressed: [],
      warned: [],
      improved: [],
      suspended: [],
      breaches: [],
      notes: [],
      report: `nights/${night}/report.html`,
    })),
    status: 0,
  };
  await timed('draw', () => writeNightViews(report, dir, join(dir, 'nights', 'last')));
  console.log(
    `trend.html: ${((await stat(join(dir, 'trend.html'))).size / 1e6).toFixed(2)} MB, peak memory ${(peak.rss / 1e6).toFixed(0)} MB`,
  );
} finally {
  clearInterval(watch);
  await closePool();
  await rm(dir, { recursive: true, force: true });
}
