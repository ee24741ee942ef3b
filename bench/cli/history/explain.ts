import { resolve } from 'node:path';
import { EXIT, type ExitStatus } from '../../common/errors.ts';
import { compactSeries } from '../../jobs/nightly/history/compact.ts';
import { chosen, nightOf } from '../../jobs/nightly/history/select.ts';
import { seriesName } from '../../jobs/nightly/history/series-id.ts';
import { HistoryStore, type StoredSeries } from '../../jobs/nightly/history/store.ts';
import { judgeSuite } from '../../jobs/nightly/report.ts';
import { explainText } from '../../jobs/nightly/views/explain.ts';
import { seriesJson } from '../../jobs/nightly/views/json.ts';
import { deltasOf } from '../../jobs/nightly/watched.ts';
import type { ExplainFlags } from './flags.ts';

const suiteOf = (suite: string): string => suite.replace(/\.canary$/, '');

/** A series as it was on a night: later nights are not read, and what was accepted of them is not known. */
async function asOf(store: HistoryStore, series: StoredSeries, night: string): Promise<StoredSeries> {
  const content = await store.readFully(series.path);
  return {
    ...series,
    content: compactSeries({
      ...content,
      nights: content.nights.filter((line) => line.night <= night),
      accepted: content.accepted.filter((line) => line.night <= night),
    }),
  };
}

/** `ksweep history explain`: what the verdict of a series on one night rests on. */
export async function explainHistory(text: string, flags: ExplainFlags): Promise<ExitStatus> {
  const deltas = deltasOf(flags.delta, flags.deltaFor);
  const store = await HistoryStore.existing(resolve(flags.history));
  const all = await store.series();
  const wanted = chosen(all, text);
  const names = new Set(wanted.map(({ id }) => seriesName(id)));
  const documents: object[] = [];
  const texts: string[] = [];
  for (const suite of new Set(wanted.map(({ id }) => suiteOf(id.suite)))) {
    const own = all.filter(({ id }) => suiteOf(id.suite) === suite);
    const last = own
      .flatMap(({ content }) => content.nights.names.at(-1) ?? [])
      .sort()
      .at(-1);
    const night = flags.night === undefined ? (last ?? '') : nightOf(own, flags.night);
    const known = await Promise.all(own.map((series) => asOf(store, series, night)));
    const judged = await judgeSuite(known, night, deltas, []);
    for (const series of judged.series.filter(({ name }) => names.has(name))) {
      texts.push(explainText(series, judged, judged.family));
      documents.push(seriesJson(series));
    }
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ series: documents })}\n` : `${texts.join('\n\n')}\n`,
  );
  return EXIT.pass;
}
