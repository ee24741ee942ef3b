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

/** The runs of the last nights together, those that failed or tonight's, and from where they fail. */
function runText(series: SeriesReport): string {
  const run = series.state?.failure?.run ?? series.state?.strongest ?? null;
  if (run === null) return 'no last nights are off by δ';
  const likelier = run.evidence >= 1e6 ? run.evidence.toExponential(1) : run.evidence.toPrecision(3);
  return `from ${dayAt(series, run.from)} ${percentOf(Math.exp(run.shift))} worse: ${Number(likelier)} times likelier after a rise by δ than on the old level (fails from ${run.limit.toFixed(0)})`;
}

function rule(series: SeriesReport, moved: boolean): string {
  const failure = series.state?.failure ?? null;
  const { verdict } = series;
  const suspended = moved ? '; the gates are suspended: the canary moved' : '';
  if (failure !== null) {
    const which = {
      large: 'two nights in a row are worse by half or more: fails whatever came before',
      run: 'the last nights are likelier after a rise by δ, beyond the limit, than as spoiled or persistent nights of the old level',
      creep: `the last 14 nights against the best 21 of the last ${CREEP_LOOK_BACK}, or since the last accepted level (p ${p2(failure.p)})`,
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
    `last nights ${runText(series)}`,
    `canary      ${report.canary.moved ? report.canary.reasons.join('; ') : 'stands still'}`,
    `accepted    ${series.accepted.length === 0 ? 'nothing' : series.accepted.map(({ night, by, why }) => `${night} by ${by}: ${why}`).join('; ')}`,
    `decided by  ${rule(series, report.canary.moved)}`,
  ].join('\n');
}
