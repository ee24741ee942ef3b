import { formatUnit } from '../../bench/results/figure-units.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { boundsOf, formatSpread } from '../run/format-spread.ts';
import { MIN_REPEATS_TO_SEPARATE } from '../run/pareto.ts';
import type { RunSummary } from '../run/run-summary.ts';
import type { HockeyView } from '../views/hockey.ts';
import { type Goals, goalsOf, ranked } from './goal.ts';

/** What a run comes to, in one sentence and how sure that is. */
export interface Answer {
  readonly sentence: string;
  /** How sure: what separates the best cell from the others, or why nothing does. */
  readonly certainty: string;
  /** `shown`: intervals separate it from every other cell; `open`: they do not; `none`: there is no figure. */
  readonly state: 'shown' | 'open' | 'none';
  readonly goals: Goals | null;
  readonly best: CellSummary | null;
  /** Which cell is best by each other aim, a phrase each. */
  readonly byOtherAims: readonly { readonly aim: string; readonly text: string }[];
}

const NOTHING = { goals: null, best: null, byOtherAims: [] } as const;

/** `hockey`: latency against offered rate, where the sweep has one: then its knee is the answer. */
export function answerOf(summary: RunSummary, hockey: HockeyView | null = null): Answer {
  const cells = summary.cells.map(({ cell }) => cell);
  const goals = goalsOf(summary);
  const [best, ...rest] = goals === null ? [] : ranked(cells, goals.main);
  if (goals === null || best === undefined) {
    const missing = cells.filter(({ state }) => state === 'missing').length;
    const sentence =
      missing === cells.length ? 'Nothing has been measured yet.' : 'No repeat is valid: there is no answer.';
    const [why] = cells.flatMap(({ reasons }) => reasons);
    return {
      ...NOTHING,
      sentence,
      certainty: why === undefined ? '' : `Why: ${why.message}.`,
      state: 'none',
    };
  }
  const others = goals.others.flatMap((metric) => {
    const [first] = ranked(cells, metric);
    const spread = first?.of(metric);
    if (first === undefined || spread === null || spread === undefined) return [];
    return [{ aim: metric.label, text: `${first.name}, ${formatSpread(metric, spread)}` }];
  });
  const common = { goals, best, byOtherAims: cells.length > 1 ? others : [] };
  if (hockey !== null && !hockey.probes) return { ...common, ...kneeAnswer(hockey) };
  const figure = formatSpread(goals.main, best.of(goals.main) ?? noSpread());
  if (rest.length === 0) {
    return {
      ...common,
      sentence:
        cells.length === 1
          ? only(goals.main, figure)
          : `Only ${best.name} has ${goals.main.label}: ${figure}.`,
      certainty: repeatsText(best.of(goals.main)?.n ?? 0),
      state: 'open',
    };
  }
  const word = goals.main.direction === 'higher-is-better' ? 'highest' : 'lowest';
  return {
    ...common,
    sentence: `${capital(goals.main.label)} is ${word} with ${best.name}: ${figure}.`,
    ...separation(best, rest, goals.main),
  };
}

function noSpread(): never {
  throw new Error('a ranked cell has the metric');
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

const only = (metric: Metric, figure: string): string => `${capital(metric.label)} is ${figure}.`;

const repeatsText = (n: number): string =>
  n === 1 ? 'One repeat: no spread is known.' : `Median of ${n} repeats.`;

/** Whether intervals tell the best cell from the others; with fewer than four repeats nothing can. */
function separation(
  best: CellSummary,
  rest: readonly CellSummary[],
  metric: Metric,
): Pick<Answer, 'certainty' | 'state'> {
  const own = best.of(metric);
  const fewest = Math.min(...[best, ...rest].map((cell) => cell.of(metric)?.n ?? 0));
  if (own === null || fewest < MIN_REPEATS_TO_SEPARATE) {
    const n = fewest === 1 ? 'one valid repeat' : `${fewest} valid repeats`;
    return {
      certainty: `Not shown: a cell with ${n} cannot be told from noise. Six or more give intervals.`,
      state: 'open',
    };
  }
  const mine = boundsOf(own);
  const meeting = rest.filter((cell) => {
    const theirs = cell.of(metric);
    const bounds = theirs === null ? null : boundsOf(theirs);
    if (mine === null || bounds === null) return true;
    return bounds.low <= mine.high && mine.low <= bounds.high;
  });
  const [first] = meeting;
  const basis = fewest >= 6 ? '95 % intervals' : 'Ranges of the repeats';
  if (first === undefined) {
    const all = rest.length === 1 ? 'the other cell' : `all ${rest.length} other cells`;
    return { certainty: `${basis} separate it from ${all}.`, state: 'shown' };
  }
  const many =
    meeting.length === 1
      ? `${first.name} cannot be told from it`
      : `${meeting.length} of ${rest.length} other cells cannot be told from it, ${first.name} first`;
  return { certainty: `${many}: their ${fewest >= 6 ? 'intervals' : 'ranges'} meet.`, state: 'open' };
}

function kneeAnswer({ lines }: HockeyView): Pick<Answer, 'sentence' | 'certainty' | 'state'> {
  const bent = lines
    .flatMap(({ label, bend }) => (bend === null ? [] : [{ label, perSec: bend.perSec }]))
    .toSorted((a, b) => b.perSec - a.perSec);
  const [first] = bent;
  const repeats = Math.min(
    ...lines.flatMap(({ points }) => points.flatMap(({ p99 }) => (p99 === null ? [] : [p99.n]))),
  );
  const certainty = `${repeatsText(repeats).replace('.', '')} at each rate; the knee is the last rate with at most twice the p99 of the lowest.`;
  if (first === undefined) {
    return { sentence: 'Latency does not bend within the rates offered.', certainty, state: 'open' };
  }
  const of = lines.length === 1 ? '' : ` for ${first.label}`;
  const others = bent
    .slice(1, 3)
    .map((one) => `, ${formatUnit(one.perSec, 'perSec')} for ${one.label}`)
    .join('');
  return {
    sentence: `Latency bends at ${formatUnit(first.perSec, 'perSec')}${of}${others}.`,
    certainty,
    state: 'open',
  };
}
