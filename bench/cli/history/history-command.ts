import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { EXIT, type ExitStatus, KsweepError } from '../../common/errors.ts';
import { appendsOf, type CellFigure, figuresOfRun } from '../../jobs/nightly/entries.ts';
import { HISTORY_SCHEMA_VERSION, type HistoryLine, nightIdOf } from '../../jobs/nightly/history/record.ts';
import { chosen, nightOf } from '../../jobs/nightly/history/select.ts';
import { seriesName, seriesPath } from '../../jobs/nightly/history/series-id.ts';
import { HistoryStore, lineOf, type StoredSeries } from '../../jobs/nightly/history/store.ts';
import { dayOf } from '../../jobs/nightly/sentences.ts';
import { plainTable } from '../../jobs/nightly/views/text.ts';
import { digest, fingerprintOf } from '../../results/fingerprint.ts';
import { loadRun } from '../../results/load-run.ts';
import type { HistoryFlags, ImportFlags, MarkFlags } from './flags.ts';

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
    nights: content.nights.names.length,
    first: content.nights.names[0] ?? null,
    last: content.nights.names.at(-1) ?? null,
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

/** `ksweep history import`: each run folder as a night at the time of its manifest. One that is there is left alone. */
export async function importRuns(dirs: readonly string[], flags: ImportFlags): Promise<ExitStatus> {
  const store = await HistoryStore.open(resolve(flags.history));
  let [lines, collisions] = [0, 0];
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
    if (figures.length === 0) {
      console.error(`${dir}: no valid repeat with a figure; nothing to import`);
    } else if (await isKnown(store, figures, known)) {
      console.error(`${dir}: the history has it already`);
    } else {
      const appends = appendsOf(figures, known);
      const taken = takenNights(figures, known);
      if (appends.length > 0) {
        const fingerprint = fingerprintOf(run.manifest);
        await store.keepEnvironment(digest(fingerprint), fingerprint);
        await store.append(figures[0]?.line.night ?? '', appends);
      }
      lines += appends.length;
      collisions += taken.length;
      if (appends.length > 0)
        console.error(`${dir}: ${appends.length} series, ${dayOf(Date.parse(run.manifest.createdAt))}`);
      if (taken.length > 0) console.error(await collisionOf(store, dir, run.manifest.createdAt, taken));
    }
  }
  if (flags.json === true) print(JSON.stringify({ imported: lines, collisions }));
  return collisions > 0 ? EXIT.usage : EXIT.pass;
}

/** The series that have this night already, from another run. */
function takenNights(figures: readonly CellFigure[], known: readonly StoredSeries[]): StoredSeries[] {
  return figures.flatMap(({ id, line }) =>
    known.filter(({ path, content }) => path === seriesPath(id) && content.nights.names.includes(line.night)),
  );
}

/** With what a run collides: another run that began in the same second holds its night. */
async function collisionOf(
  store: HistoryStore,
  dir: string,
  createdAt: string,
  taken: readonly StoredSeries[],
): Promise<string> {
  const night = nightIdOf(new Date(createdAt));
  const folders = new Set<string>();
  for (const { path } of taken) {
    const { nights } = await store.readFully(path);
    for (const line of nights) if (line.night === night) folders.add(line.folder);
  }
  return [
    `${dir}: ${taken.length} series not imported: each has a night ${night} already, of another run (${[...folders].join(', ')})`,
    `  both manifests say createdAt ${createdAt}, and a night is named by that second`,
    `  keep one of them: \`ksweep history forget --night ${night} --why …\` makes room for this one; \`--suite\` puts it elsewhere`,
  ].join('\n');
}

/** Whether one of these series holds the very results of this run already. */
async function isKnown(
  store: HistoryStore,
  figures: readonly CellFigure[],
  known: readonly StoredSeries[],
): Promise<boolean> {
  for (const { id, line } of figures) {
    const path = seriesPath(id);
    if (!known.some((series) => series.path === path)) continue;
    const { nights } = await store.readFully(path);
    if (nights.some(({ run }) => run === line.run)) return true;
  }
  return false;
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
  const touched = series.filter(({ content }) => night === null || content.nights.names.includes(night));
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
