import { join, relative } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import { digest, fingerprintOf } from '../../results/fingerprint.ts';
import type { Manifest } from '../../results/manifest.ts';
import type { RepeatResult } from '../../results/result.ts';
import { evaluateThresholds } from '../../results/thresholds/evaluate.ts';
import { canaryDrift } from './canary.ts';
import { appendsOf, canarySuite, figuresOfRun } from './entries.ts';
import type { NightSummary } from './history/nights.ts';
import { seriesName, seriesPath } from './history/series-id.ts';
import type { HistoryStore, StoredSeries } from './history/store.ts';
import type { NightOptions } from './options.ts';
import { judgeSuite, type NightReport } from './report.ts';
import { applyRetention } from './retention.ts';
import { type NightState, nightDir, type Step, writeState } from './state.ts';
import { statusOf } from './status.ts';
import { writeNightViews } from './views/write.ts';

/** The run of one step, measured this time or before the night was cut off. */
export interface StepRun {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly results: readonly RepeatResult[];
}

export interface NightContext {
  readonly options: NightOptions;
  readonly store: HistoryStore;
  /** What the reader of the report has to know of how the night went. */
  readonly notes: readonly string[];
}

/** The series of a suite and of its canary. */
export async function seriesOfSuite(store: HistoryStore, suite: string): Promise<StoredSeries[]> {
  return (await store.series()).filter(({ id }) => id.suite === suite || id.suite === canarySuite(suite));
}

/** What a night's three runs come to: appended to the history, judged, and written as views. */
export async function concludeNight(
  { options, store, notes: ownNotes }: NightContext,
  state: NightState,
  runs: ReadonlyMap<Step, StepRun>,
  known: readonly StoredSeries[],
): Promise<NightReport> {
  const { history, suite, deltas } = options;
  const [first, own, last] = (['canary-first', 'suite', 'canary-last'] as const).map((step) =>
    runs.get(step),
  );
  if (first === undefined || own === undefined || last === undefined) {
    throw new KsweepError('internal', `night ${state.night} lacks a run`);
  }
  const suiteName = suite.workload.name;
  const shared = {
    night: state.night,
    at: state.startedAt,
    suite: suiteName,
    label: state.label,
    commit: state.commit,
    imported: false,
  };
  const folder = (dir: string): string => relative(history, dir);
  const figures = [
    ...figuresOfRun({ ...shared, ...own, canary: false, folder: folder(own.dir) }),
    ...figuresOfRun({
      ...shared,
      manifest: first.manifest,
      results: [...first.results, ...last.results],
      canary: true,
      folder: folder(first.dir),
    }),
  ];
  for (const { manifest } of [first, own]) {
    const fingerprint = fingerprintOf(manifest);
    await store.keepEnvironment(digest(fingerprint), fingerprint);
  }
  await store.append(state.night, appendsOf(figures, known));

  const drift = canaryDrift(first.results, last.results, deltas);
  if ([first, last].some(({ results }) => results.every(({ outcome }) => outcome !== 'valid'))) {
    drift.push('the canary has no valid repeat before or after the suite');
  }
  const stored = await seriesOfSuite(store, suiteName);
  const judged = await judgeSuite(stored, state.night, deltas, drift);
  const thresholds = evaluateThresholds(suite.workload.thresholds, own.manifest.cells, own.results);
  const { status, notes } = statusOf({
    judged,
    thresholds,
    cells: own.manifest.cells,
    results: own.results,
    setAsideTonight: figures
      .filter(({ id }) => {
        const series = stored.find(({ path }) => path === seriesPath(id));
        return series === undefined || !series.content.nights.names.includes(state.night);
      })
      .map(({ id }) => seriesName(id)),
  });
  const earlier = await store.nights();
  const partial: NightReport = {
    suite: suiteName,
    night: state.night,
    at: state.startedAt,
    label: state.label,
    series: judged.series,
    canary: judged.canary,
    thresholds,
    notes: [...ownNotes, ...notes, ...judged.notes],
    setAside: [...stored.flatMap(({ content }) => content.setAside), ...earlier.setAside],
    nights: earlier.nights.filter(({ suite: name }) => name === suiteName),
    status,
  };
  return publish({ options, store, notes: ownNotes }, state, partial, digest(fingerprintOf(own.manifest)));
}

async function publish(
  { options, store }: NightContext,
  state: NightState,
  partial: NightReport,
  environment: string,
): Promise<NightReport> {
  const { history, now, retention } = options;
  const named = (...verdicts: string[]): string[] =>
    partial.series
      .filter(({ verdict, canary }) => !canary && verdicts.includes(verdict))
      .map(({ name }) => name);
  const summary: NightSummary = {
    night: state.night,
    finishedAt: now().toISOString(),
    suite: partial.suite,
    label: state.label,
    commit: state.commit,
    environment,
    status: partial.status,
    regressed: named('regressed'),
    warned: named('warning'),
    improved: named('improved'),
    suspended: [...partial.canary.reasons],
    breaches: partial.thresholds
      .filter(({ passed }) => passed === false)
      .map(({ text, label }) => `${text} (${label})`),
    notes: [...partial.notes],
    report: relative(history, join(nightDir(history, state.night), 'report.html')),
  };
  const others = partial.nights.filter(({ night }) => night !== state.night);
  const report = { ...partial, nights: [...others, summary] };
  await store.appendNight(summary);
  await writeNightViews(report, history, nightDir(history, state.night));
  await writeState(history, { ...state, finished: true });
  const kept = await applyRetention(history, retention);
  for (const line of kept.removed) options.say(`removed: ${line}`);
  if (!kept.withinLimit) options.say('the last night alone is larger than the disk limit');
  return report;
}
