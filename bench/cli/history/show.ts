import { resolve } from 'node:path';
import { EXIT, type ExitStatus, KsweepError } from '../../common/errors.ts';
import type { NightLine } from '../../jobs/nightly/history/record.ts';
import { chosen, nightOf } from '../../jobs/nightly/history/select.ts';
import { seriesName } from '../../jobs/nightly/history/series-id.ts';
import { HistoryStore, type StoredSeries } from '../../jobs/nightly/history/store.ts';
import { judgeSuite } from '../../jobs/nightly/report.ts';
import { percentOf } from '../../jobs/nightly/sentences.ts';
import type { SeriesReport } from '../../jobs/nightly/series-report.ts';
import { seriesJson } from '../../jobs/nightly/views/json.ts';
import { plainTable } from '../../jobs/nightly/views/text.ts';
import { describeChange, formatValueOf } from '../../jobs/nightly/views/words.ts';
import { deltasOf } from '../../jobs/nightly/watched.ts';
import { differences } from '../../results/fingerprint.ts';
import type { ShowFlags } from './flags.ts';

const print = (text: string): void => {
  process.stdout.write(`${text.trimEnd()}\n`);
};

/** `ksweep history show`: nights and changes, or what differed around one night. */
export async function showHistory(text: string, flags: ShowFlags): Promise<ExitStatus> {
  const deltas = deltasOf(flags.delta, flags.deltaFor);
  const store = await HistoryStore.existing(resolve(flags.history));
  const all = await store.series();
  const series = chosen(all, text);
  if (flags.around !== undefined) return showAround(store, series, flags.around, flags.json === true);
  const suites = new Set(all.map(({ id }) => suiteOf(id.suite)));
  const reports: SeriesReport[] = [];
  for (const suite of suites) {
    const own = all.filter(({ id }) => suiteOf(id.suite) === suite);
    const last = own
      .flatMap(({ content }) => content.nights.names.at(-1) ?? [])
      .sort()
      .at(-1);
    reports.push(...(await judgeSuite(own, last ?? null, deltas, [])).series);
  }
  const names = new Set(series.map(({ id }) => seriesName(id)));
  const shown = reports.filter(({ name }) => names.has(name));
  if (flags.json === true) print(JSON.stringify({ series: shown.map(seriesJson) }));
  else for (const one of shown) printSeries(one);
  for (const { content } of series) {
    for (const { file, line, message } of content.setAside)
      console.error(`set aside: ${file}:${line}: ${message}`);
  }
  return EXIT.pass;
}

const suiteOf = (suite: string): string => suite.replace(/\.canary$/, '');

function printSeries(series: SeriesReport): void {
  print(`\n${series.name}: ${series.verdict}`);
  for (const change of series.changes) print(`  change: ${describeChange(change)}`);
  for (const { night, by, why } of series.accepted) print(`  accepted: ${night} by ${by}: ${why}`);
  const { tail } = series;
  const total = series.nights.names.length;
  if (tail.length < total) print(`  the last ${tail.length} of ${total} nights:`);
  const rows = tail.map((night) => [
    night.night,
    formatValueOf(series, night.value),
    `${formatValueOf(series, night.spread.min)} … ${formatValueOf(series, night.spread.max)}`,
    String(night.spread.n),
    night.label ?? night.commit?.slice(0, 10) ?? '',
  ]);
  print(plainTable(['Night', 'Median', 'Range', 'Repeats', 'Label'], rows));
}

/** What differed between a night and the one before it: version under test, environment, and the figures. */
async function showAround(
  store: HistoryStore,
  series: readonly StoredSeries[],
  text: string,
  json: boolean,
): Promise<ExitStatus> {
  const night = nightOf(series, text);
  const pairs: { name: string; before: NightLine; after: NightLine }[] = [];
  for (const { id, path } of series) {
    const { nights } = await store.readFully(path);
    const index = nights.findIndex((line) => line.night === night);
    const [before, after] = [nights[index - 1], nights[index]];
    if (before !== undefined && after !== undefined) pairs.push({ name: seriesName(id), before, after });
  }
  const [first] = pairs;
  if (first === undefined) {
    throw new KsweepError(
      'history-input',
      `night ${night} is the first one: there is none to compare it with`,
    );
  }
  const describe = async ({
    label,
    commit,
    environment,
    definition,
  }: NightLine): Promise<Record<string, unknown>> => ({
    ...((await store.environment(environment)) ?? { environment: `${environment.slice(0, 12)} (not kept)` }),
    label,
    commit,
    definition: definition.slice(0, 12),
  });
  const environment = differences(await describe(first.before), await describe(first.after));
  const figures = pairs.map(({ name, before, after }) => ({
    name,
    before: before.value,
    after: after.value,
    ratio: after.value / before.value,
  }));
  if (json) {
    print(JSON.stringify({ before: first.before.night, after: first.after.night, environment, figures }));
    return EXIT.pass;
  }
  print(`${first.before.night} → ${first.after.night}`);
  if (environment.length === 0) print('nothing differs in the environment, label, commit or definition');
  else
    print(
      plainTable(
        ['What', 'Before', 'After'],
        environment.map((one) => [one.name, one.before, one.after]),
      ),
    );
  print('');
  print(
    plainTable(
      ['Series', 'Change'],
      figures.map(({ name, ratio }) => [name, percentOf(ratio)]),
    ),
  );
  return EXIT.pass;
}
