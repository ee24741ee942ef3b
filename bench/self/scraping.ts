import { addEncoded } from '../results/encoded-histogram.ts';
import { newHistogram } from '../results/histogram.ts';
import { serveMetrics } from '../run/live/listen.ts';
import { LiveMetrics } from '../run/live/live-metrics.ts';
import { type Comparison, verdict } from '../stats/verdict.ts';
import { type Bench, pacedSnapshots, withTopic } from './harness.ts';

const RATE_PER_SEC = 20_000;
const SECONDS = 6;
const WARMUP_SEC = 2;
const SCRAPE_MS = 1_000;

interface Figures {
  readonly p99Us: number;
  readonly achieved: number;
}

async function measure(bench: Bench, scraped: boolean): Promise<Figures> {
  const live = new LiveMetrics('self');
  const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, () => live.text());
  const place = { runId: 'self', finished: 0, total: 1, cell: 'self', cellId: '000', block: 0, attempt: 0 };
  live.onProgress({ ...place, phase: 'measure', leftMs: 0 });
  const scraping = setInterval(() => {
    // A scrape that comes too late for the server is none.
    if (scraped)
      void fetch(server.url).then(
        (response) => response.text(),
        () => '',
      );
  }, SCRAPE_MS);
  try {
    const snapshots = await withTopic(bench, (topic) =>
      pacedSnapshots(bench, topic, RATE_PER_SEC, SECONDS, (name, snapshot) =>
        live.onSnapshot(name, snapshot),
      ),
    );
    const latency = newHistogram();
    for (const { second, histograms } of snapshots.flatMap(({ latencies }) => latencies)) {
      const encoded = histograms['due-to-ack'];
      if (second >= WARMUP_SEC && encoded !== undefined) addEncoded(latency, encoded);
    }
    const counted = snapshots.filter(({ second }) => second >= WARMUP_SEC && second < SECONDS);
    return {
      p99Us: latency.getValueAtPercentile(99),
      achieved: counted.reduce((sum, { acked }) => sum + acked, 0) / (SECONDS - WARMUP_SEC),
    };
  } finally {
    clearInterval(scraping);
    await server.close();
  }
}

/** With a scrape a second ÷ without, paired by round, the order turned each time: due→ack p99 and the achieved rate. */
export async function scrapingCost(
  bench: Bench,
  rounds: number,
): Promise<{ readonly p99: Comparison; readonly rate: Comparison }> {
  const [scraped, plain]: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const scrape of round % 2 === 0 ? [true, false] : [false, true]) {
      (scrape ? scraped : plain).push(await measure(bench, scrape));
    }
  }
  const compared = (of: (figures: Figures) => number, delta: number): Comparison =>
    verdict(plain.map(of), scraped.map(of), { paired: true, delta, direction: 'lower-is-better' });
  return { p99: compared(({ p99Us }) => p99Us, 0.1), rate: compared(({ achieved }) => achieved, 0.01) };
}
