import { reasonText } from '../../bench/messages/explain/reason-text.ts';
import { text } from '../../bench/messages/texts.ts';
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
    const sentence = text(missing === cells.length ? 'answer.nothing' : 'answer.no-valid');
    const [why] = cells.flatMap(({ reasons }) => reasons);
    return {
      ...NOTHING,
      sentence,
      certainty: why === undefined ? '' : text('answer.why', { why: reasonText(why) }),
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
          : text('answer.only-cell', { cell: best.name, metric: goals.main.label, figure }),
      certainty: repeatsText(best.of(goals.main)?.n ?? 0),
      state: 'open',
    };
  }
  const key = goals.main.direction === 'higher-is-better' ? 'answer.highest' : 'answer.lowest';
  return {
    ...common,
    sentence: text(key, { metric: capital(goals.main.label), cell: best.name, figure }),
    ...separation(best, rest, goals.main),
  };
}

function noSpread(): never {
  throw new Error('a ranked cell has the metric');
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

const only = (metric: Metric, figure: string): string =>
  text('answer.only', { metric: capital(metric.label), figure });

const repeatsText = (n: number): string =>
  n === 1 ? text('answer.one-repeat') : text('answer.median', { n: String(n) });

/** Whether intervals tell the best cell from the others; with fewer than four repeats nothing can. */
function separation(
  best: CellSummary,
  rest: readonly CellSummary[],
  metric: Metric,
): Pick<Answer, 'certainty' | 'state'> {
  const own = best.of(metric);
  const fewest = Math.min(...[best, ...rest].map((cell) => cell.of(metric)?.n ?? 0));
  if (own === null || fewest < MIN_REPEATS_TO_SEPARATE) {
    return {
      certainty: fewest === 1 ? text('answer.too-few-one') : text('answer.too-few', { n: String(fewest) }),
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
  const basis = fewest >= 6 ? 'intervals' : 'ranges';
  if (first === undefined) {
    const key = `answer.${basis}-separate` as const;
    const certainty = rest.length === 1 ? text(`${key}-one`) : text(key, { n: String(rest.length) });
    return { certainty, state: 'shown' };
  }
  const key = `answer.${basis}-meet` as const;
  const counts = { cell: first.name, n: String(meeting.length), all: String(rest.length) };
  return { certainty: text(meeting.length === 1 ? (`${key}-one` as const) : key, counts), state: 'open' };
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
