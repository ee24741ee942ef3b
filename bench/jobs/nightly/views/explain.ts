import { CREEP_LOOK_BACK } from '../creep.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import type { NightReport } from '../report.ts';
import { dayAt, dayOf, endedSentence, failureSentence, percentOf } from '../sentences.ts';
import type { SeriesReport } from '../series-report.ts';
import { formatValueOf } from './words.ts';

/** "3.1e-7", ".042": two digits that tell. */
const p2 = (p: number): string => (p < 1e-300 ? '0' : p.toPrecision(2));

/** The stretches of one level of the last year or so, the newest last. */
function stretches(series: SeriesReport): string {
  const { nights, comparableFrom, changes } = series;
  const bounds = [comparableFrom, ...changes.map(({ index }) => index), nights.values.length];
  const parts = bounds.slice(0, -1).flatMap((from, i) => {
    const to = bounds[i + 1] ?? from;
    const values = nights.values.slice(from, to).sort();
    if (values.length === 0) return [];
    const level = formatValueOf(series, values[(values.length - 1) >> 1] ?? 0);
    return [`${dayOf(nights.times[from] ?? 0)} ${level} (${values.length})`];
  });
  const shown = parts.slice(-4);
  return `${parts.length > shown.length ? '… ' : ''}${shown.join(' → ')}`;
}

function changesText(series: SeriesReport): string {
  const shown = series.changes.slice(-3).map((change) => {
    const notes = [
      `p ${p2(change.p)}`,
      change.foundBy === 'e-divisive' ? 'E-divisive means' : 'own rules',
      ...(change.accepted ? ['accepted'] : []),
      ...(change.environment === null
        ? []
        : [`canary ${percentOf(change.environment.ratio)}, p ${p2(change.environment.p)}`]),
    ];
    return `${dayOf(change.time)} ${percentOf(change.ratio)} (${notes.join(', ')})`;
  });
  return shown.length === 0 ? 'none' : shown.join('; ');
}

/** The run of the last nights that came closest to failing, and its limits. */
function runText(series: SeriesReport, family: number): string {
  const policy = DEFAULT_POLICY;
  const levelLimit = Math.min(policy.maxP, policy.familyP / family);
  const lengths = policy.longestRun - policy.confirmNights + 1;
  const failure = series.state?.failure ?? null;
  const run = series.state?.strongest ?? null;
  const text = (from: number, strayP: number, levelP: number, what: string): string =>
    `from ${dayAt(series, from)}${what}: chance of spoiled nights ${p2(Math.min(1, strayP))} (fails to ${policy.strayP}), p of the levels ${p2(levelP)} (to ${p2(levelLimit)})`;
  if (failure !== null && failure.rule !== 'creep')
    return text(failure.from, failure.strayP, failure.levelP, '');
  if (run === null) return 'no last nights are off by δ';
  return text(
    run.from,
    run.strayP * family * lengths,
    run.levelP,
    ` ${percentOf(Math.exp(run.shift))} worse`,
  );
}

function rule(series: SeriesReport, moved: boolean): string {
  const failure = series.state?.failure ?? null;
  const { verdict } = series;
  const suspended = moved ? '; the gates are suspended: the canary moved' : '';
  if (failure !== null) {
    const which = {
      large: 'two nights in a row are worse by half or more: fails whatever came before',
      run: 'a run of nights beyond what spoiled nights and persistence explain, by δ or more',
      creep: `the last 14 nights against the best 21 of the last ${CREEP_LOOK_BACK}, or since the last accepted level (p ${p2(failure.levelP)})`,
    }[failure.rule];
    return `${which}; ${failureSentence(series, failure)}${suspended}`;
  }
  const ended = endedSentence(series);
  if (ended !== null) return ended;
  const reasons: Readonly<Record<SeriesReport['verdict'], string>> = {
    regressed: '',
    warning: 'a change for the worse by δ is new, and not yet beyond the limits above',
    environment: 'the canary shows the change at the same nights',
    improved: 'a change for the better by δ is new',
    steady: 'no change of δ is new, and nothing failed before',
    learning: `fewer than ${DEFAULT_POLICY.minBaseline + 1} nights of this definition`,
    missing: 'no figure of this night',
  };
  return `${reasons[verdict]}${suspended}`;
}

/** Ten lines by which a stranger can follow a verdict. */
export function explainText(
  series: SeriesReport,
  report: Pick<NightReport, 'canary'>,
  family: number,
): string {
  const last = series.tail.at(-1);
  const index = series.nights.values.length - 1;
  const spoiled = series.spoiled.includes(index) ? ', spoiled by its repeats: the best one counts' : '';
  const figure =
    last === undefined
      ? 'none'
      : `${formatValueOf(series, last.value)}, repeats ${formatValueOf(series, last.spread.min)} … ${formatValueOf(series, last.spread.max)} (${last.spread.n})${spoiled}`;
  return [
    `${series.name}: ${series.verdict}, night ${last?.night ?? 'none'}`,
    `figure      ${figure}`,
    `δ           ${percentOf(1 + series.delta)}, ${series.direction.replaceAll('-', ' ')}; ${family} series judged together`,
    `nights      ${index + 1 - series.comparableFrom} comparable; ${(series.strayShare * 100).toFixed(2)} % of the suite’s nights stray by δ though no level moved`,
    `stretches   ${stretches(series)}`,
    `changes     ${changesText(series)}`,
    `last nights ${runText(series, family)}`,
    `canary      ${report.canary.moved ? report.canary.reasons.join('; ') : 'stands still'}`,
    `accepted    ${series.accepted.length === 0 ? 'nothing' : series.accepted.map(({ night, by, why }) => `${night} by ${by}: ${why}`).join('; ')}`,
    `decided by  ${rule(series, report.canary.moved)}`,
  ].join('\n');
}
