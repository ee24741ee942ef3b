import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { plainTable } from '../../reports/history/text.ts';
import { dayOf, describeChange, formatValueOf, percentOf } from '../../reports/history/words.ts';
import { loadRun } from '../../reports/load-run.ts';
import type { HistoryFlags, ImportFlags, MarkFlags, ShowFlags } from '../commands/history.ts';
import { closePool } from '../compute/pool.ts';
import { EXIT, type ExitStatus, KsweepError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { appendsOf, figuresOfRun } from './entries.ts';
import { differences, digest, fingerprintOf } from './environment.ts';
import { HISTORY_SCHEMA_VERSION, type HistoryLine, type NightLine, nightIdOf } from './history/record.ts';
import { seriesName } from './history/series-id.ts';
import { HistoryStore, lineOf, type StoredSeries } from './history/store.ts';
import { deltasOf } from './metrics.ts';
import { judgeSuite, type SeriesReport } from './report.ts';

const print = (text: string): void => {
  process.stdout.write(`${text.trimEnd()}\n`);
};

/** `ksweep history list`. */
export async function listHistory(flags: HistoryFlags): Promise<ExitStatus> {
  const store = await HistoryStore.existing(resolve(flags.history));
  const series = await store.series();
  const { nights, setAside } = await store.nights();
  const aside = [...setAside, ...series.flatMap(({ content }) => content.setAside)];
  const rows = series.map(({ id, canary, content }) => ({
    name: seriesName(id),
    canary,
    nights: content.nights.length,
    first: content.nights[0]?.night ?? null,
    last: content.nights.at(-1)?.night ?? null,
    accepted: content.accepted.length,
    setAside: content.setAside.length,
  }));
  if (flags.json === true) {
    print(JSON.stringify({ series: rows, nights: nights.length, setAside: aside }));
    return EXIT.pass;
  }
  const table = rows.map((row) => [
    row.name,
    String(row.nights),
    row.first ?? '',
    row.last ?? '',
    row.accepted === 0 ? '' : String(row.accepted),
    row.setAside === 0 ? '' : String(row.setAside),
  ]);
  print(plainTable(['Series', 'Nights', 'First', 'Last', 'Accepted', 'Set aside'], table));
  for (const { file, line, message } of aside) print(`set aside: ${file}:${line}: ${message}`);
  return EXIT.pass;
}

function chosen(series: readonly StoredSeries[], text: string): StoredSeries[] {
  const found = series.filter(({ id }) => seriesName(id).includes(text));
  if (found.length > 0) return found;
  const guess = nearest(
    text,
    series.flatMap(({ id }) => [seriesName(id), id.metric, id.cell]),
  );
  throw new KsweepError('history-input', `no series' name holds "${text}"`, {
    hint: guess === undefined ? 'see `ksweep history list`' : `did you mean ${guess}?`,
  });
}

/** The night that a text names or begins, among those of these series. */
function nightOf(series: readonly StoredSeries[], text: string): string {
  const wanted = text.replaceAll(/[-:]/g, '').toUpperCase();
  const all = new Set(series.flatMap(({ content }) => content.nights.map(({ night }) => night)));
  if (all.has(wanted)) return wanted;
  const found = [...all].filter((night) => night.startsWith(wanted)).sort();
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new KsweepError(
    'history-input',
    found.length === 0
      ? `there is no night ${text}`
      : `several nights begin with ${text}: ${found.join(', ')}`,
    {
      hint: 'give a night as `ksweep history show` prints it, such as 20261123T010000Z, or its day, 2026-11-23',
    },
  );
}

/** `ksweep history show`: nights and changes, or what differed around one night. */
export async function showHistory(text: string, flags: ShowFlags): Promise<ExitStatus> {
  const deltas = deltasOf(flags.delta, flags.deltaFor);
  const store = await HistoryStore.existing(resolve(flags.history));
  const all = await store.series();
  const series = chosen(all, text);
  if (flags.around !== undefined) return showAround(store, series, flags.around, flags.json === true);
  try {
    const suites = new Set(all.map(({ id }) => suiteOf(id.suite)));
    const reports: SeriesReport[] = [];
    for (const suite of suites) {
      const own = all.filter(({ id }) => suiteOf(id.suite) === suite);
      const last = own
        .flatMap(({ content }) => content.nights.at(-1)?.night ?? [])
        .sort()
        .at(-1);
      reports.push(...(await judgeSuite(own, last ?? null, deltas, [])).series);
    }
    const names = new Set(series.map(({ id }) => seriesName(id)));
    const shown = reports.filter(({ name }) => names.has(name));
    if (flags.json === true) print(JSON.stringify({ series: shown }));
    else for (const one of shown) printSeries(one);
    for (const { content } of series) {
      for (const { file, line, message } of content.setAside)
        console.error(`set aside: ${file}:${line}: ${message}`);
    }
    return EXIT.pass;
  } finally {
    await closePool();
  }
}

const suiteOf = (suite: string): string => suite.replace(/\.canary$/, '');

/** Nights of a series that are printed; the file has them all. */
const MOST_NIGHTS = 30;

function printSeries(series: SeriesReport): void {
  print(`\n${series.name}: ${series.verdict}`);
  for (const change of series.changes) print(`  change: ${describeChange(change)}`);
  for (const { night, by, why } of series.accepted) print(`  accepted: ${night} by ${by}: ${why}`);
  const nights = series.nights.slice(-MOST_NIGHTS);
  if (nights.length < series.nights.length)
    print(`  the last ${nights.length} of ${series.nights.length} nights:`);
  const rows = nights.map((night) => [
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
  const pairs = series.flatMap(({ id, content }) => {
    const index = content.nights.findIndex((line) => line.night === night);
    const [before, after] = [content.nights[index - 1], content.nights[index]];
    return before === undefined || after === undefined ? [] : [{ name: seriesName(id), before, after }];
  });
  const [first] = pairs;
  if (first === undefined) {
    throw new KsweepError(
      'history-input',
      `night ${night} is the first one: there is none to hold it against`,
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

/** `ksweep history import`: each run folder as a night at the time of its manifest. One that is there is left alone. */
export async function importRuns(dirs: readonly string[], flags: ImportFlags): Promise<ExitStatus> {
  const store = await HistoryStore.open(resolve(flags.history));
  let lines = 0;
  for (const dir of dirs) {
    const run = await loadRun(resolve(dir));
    const known = await store.series();
    const figures = figuresOfRun({
      night: nightIdOf(new Date(run.manifest.createdAt)),
      at: run.manifest.createdAt,
      suite: flags.suite ?? run.manifest.name,
      canary: flags.canary ?? false,
      label: flags.label ?? null,
      commit: flags.commit ?? null,
      manifest: run.manifest,
      results: run.repeats,
      folder: resolve(dir),
      imported: true,
    });
    const digests = new Set(known.flatMap(({ content }) => content.nights.map((night) => night.run)));
    if (figures.length === 0) {
      console.error(`${dir}: no valid repeat with a figure; nothing to import`);
    } else if (figures.some(({ line }) => digests.has(line.run))) {
      console.error(`${dir}: the history has it already`);
    } else {
      const fingerprint = fingerprintOf(run.manifest);
      await store.keepEnvironment(digest(fingerprint), fingerprint);
      const appends = appendsOf(figures, known);
      await store.append(figures[0]?.line.night ?? '', appends);
      lines += appends.length;
      console.error(`${dir}: ${appends.length} series, ${dayOf(Date.parse(run.manifest.createdAt))}`);
    }
  }
  if (flags.json === true) print(JSON.stringify({ imported: lines }));
  return EXIT.pass;
}

async function mark(
  flags: MarkFlags,
  verb: string,
  lineFor: (night: string | null, by: string, at: string) => HistoryLine,
): Promise<ExitStatus> {
  const store = await HistoryStore.existing(resolve(flags.history));
  const series = chosen(await store.series(), flags.series ?? '');
  if ((flags.night === undefined) === (flags.all !== true)) {
    throw new KsweepError(
      'usage',
      verb === 'accept' ? 'accept needs --night' : 'forget needs --night or --all, one of them',
    );
  }
  const night = flags.night === undefined ? null : nightOf(series, flags.night);
  const by = flags.by ?? userInfo().username;
  const at = new Date();
  const line = lineOf(lineFor(night, by, at.toISOString()));
  const touched = series.filter(
    ({ content }) => night === null || content.nights.some((one) => one.night === night),
  );
  await store.append(
    nightIdOf(at),
    touched.map(({ path }) => ({ path, lines: [line] })),
  );
  const names = touched.map(({ id }) => seriesName(id));
  if (flags.json === true) print(JSON.stringify({ night, by, why: flags.why, series: names }));
  else print(`${verb}: ${night ?? 'all nights'} of ${names.length} series, by ${by}`);
  return EXIT.pass;
}

/** `ksweep history accept`: a change at this night is known, with who says so and why. */
export function acceptChange(flags: MarkFlags): Promise<ExitStatus> {
  return mark(flags, 'accept', (night, by, at) => ({
    v: HISTORY_SCHEMA_VERSION,
    type: 'accepted',
    at,
    night: night ?? '',
    by,
    why: flags.why,
  }));
}

/** `ksweep history forget`: a night, or the whole series up to now, is no part of any judgement from here on. */
export function forgetNights(flags: MarkFlags): Promise<ExitStatus> {
  return mark(flags, 'forget', (night, by, at) => ({
    v: HISTORY_SCHEMA_VERSION,
    type: 'forgotten',
    at,
    night,
    by,
    why: flags.why,
  }));
}
