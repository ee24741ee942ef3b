import { chainName, type DesignRecord, type ScreenRecord } from '../../bench/results/design.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { sweptAxes } from '../run/axes.ts';
import { type Axis, levelText } from '../run/cell-name.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { estimateEffects, type Interaction, type MainEffect } from '../run/effects.ts';
import { boundsOf } from '../run/format-spread.ts';
import { leftOutText, NO_FIGURE } from './left-out.ts';
import type { View } from './view.ts';

/** What each swept setting does to one metric, on average over the others. */
export interface EffectsView extends View {
  readonly metric: Metric;
  readonly axes: readonly Axis[];
  readonly main: readonly MainEffect[];
}

/** Where two settings together do something else than the two alone. */
export interface InteractionsView extends View {
  readonly metric: Metric;
  readonly strongest: readonly Interaction[];
}

const MAX_INTERACTIONS = 12;
/** Departures below this are not worth a line, however certain they are. */
const MIN_DEPARTURE = Math.log(1.02);

/** null where nothing is swept or the valid repeats can't tell the settings apart. */
export function effectsViews(
  cells: readonly CellSummary[],
  metric: Metric,
  design?: DesignRecord,
): { main: EffectsView; interactions: InteractionsView | null } | null {
  const axes = sweptAxes(cells).filter((axis) =>
    cells.every((cell) => cell.settings[axis.name] !== undefined),
  );
  const repeats: RepeatResult[] = cells.flatMap((cell) => cell.valid);
  const effects = axes.length === 0 ? null : estimateEffects(repeats, axes, metric);
  if (effects === null) return null;
  const blocks = Math.max(...effects.main.map((one) => one.factor.n));
  const basis =
    blocks >= 6
      ? `95 % intervals over ${blocks} blocks in brackets`
      : blocks > 1
        ? `ranges over ${blocks} blocks in brackets: too few for a 95 % interval`
        : 'from one block, so without any spread';
  const interactionsOf = (all: readonly Interaction[]): InteractionsView | null => {
    if (axes.length < 2) return null;
    if (design?.kind === 'screen') return aliasedView(all, design, metric, basis);
    // One block can't tell an interaction from noise.
    return blocks < 2 ? null : interactionsView(all, metric, basis);
  };
  return {
    main: {
      title: `What the settings do to ${metric.label}`,
      metric,
      axes,
      main: effects.main,
      reading: `${mainReading(effects.main, metric, basis)}${leftOutText(cells, (cell) => cell.valid.some((one) => metric.read(one) !== null), NO_FIGURE)}`,
      table: {
        caption: `Effect of each setting on ${metric.label} against the average over its values, ${basis}`,
        columns: [
          { head: 'Setting' },
          { head: 'Value' },
          { head: `Effect on ${metric.label}`, numeric: true },
        ],
        rows: effects.main.map((one) => ({
          fields: [one.axis, levelText(one.axis, one.level), percentText(one.factor)],
        })),
      },
    },
    interactions: interactionsOf(effects.interactions),
  };
}

/** "+12 % [+8 %, +15 %]" for a factor of 1.12. */
function percentText(factor: MainEffect['factor']): string {
  const bounds = boundsOf(factor);
  const text = percent(factor.median);
  return bounds === null ? text : `${text} [${percent(bounds.low)}, ${percent(bounds.high)}]`;
}

export function percent(factor: number): string {
  const value = (factor - 1) * 100;
  const rounded = Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0);
  if (Number(rounded) === 0) return '0 %';
  return `${value > 0 ? '+' : '−'}${rounded.replace('-', '')} %`;
}

function mainReading(main: readonly MainEffect[], metric: Metric, basis: string): string {
  const span = (axis: string) => {
    const own = main.filter((one) => one.axis === axis).toSorted((a, b) => a.factor.median - b.factor.median);
    const [low] = own;
    const high = own.at(-1);
    return low === undefined || high === undefined
      ? null
      : { axis, low, high, ratio: high.factor.median / low.factor.median };
  };
  const [largest] = [...new Set(main.map((one) => one.axis))]
    .flatMap((axis) => span(axis) ?? [])
    .sort((a, b) => b.ratio - a.ratio);
  if (largest === undefined) return '';
  const { axis, low, high } = largest;
  return `${axis} matters most: averaged over the other settings, ${metric.label} is ${percentText(low.factor)} with ${levelText(axis, low.level)} and ${percentText(high.factor)} with ${levelText(axis, high.level)} against its mean (${basis}).`;
}

/**
 * In a fraction of the combinations several pairs share one estimate: each chain is told whole, at its first pair's
 * two last values, which by the sign rule is the chain's effect.
 */
function aliasedView(
  all: readonly Interaction[],
  design: ScreenRecord,
  metric: Metric,
  basis: string,
): InteractionsView {
  const { factors, aliases } = design;
  const chains = aliases.flatMap((chain) => {
    const [a, b] = chain[0] ?? [0, 0];
    const [one, other] = [factors[a], factors[b]];
    const found = all.find(
      ({ axes, levels }) =>
        axes[0] === one?.axis &&
        axes[1] === other?.axis &&
        String(levels[0]) === one?.high &&
        String(levels[1]) === other?.high,
    );
    return found === undefined ? [] : [{ chain, found }];
  });
  const strength = ({ found }: (typeof chains)[number]) => Math.abs(Math.log(found.factor.median));
  const sorted = chains.toSorted((x, y) => strength(y) - strength(x));
  const [first] = sorted;
  const title = `Which interactions on ${metric.label} cannot be told apart`;
  const reading =
    first === undefined
      ? 'None: every pair of settings has an estimate of its own.'
      : `Main effects are clear of pairs; pairs in one line share one estimate, the sum of theirs. Largest: ${chainName(design, first.chain)}, ${percentText(first.found.factor)} (${basis}).`;
  return {
    title,
    metric,
    strongest: sorted.map(({ found }) => found),
    reading,
    table: {
      caption: `Aliased interactions on ${metric.label}, ${basis}`,
      columns: [{ head: 'Pairs' }, { head: 'Beyond the main effects, at the last values', numeric: true }],
      rows: sorted.map(({ chain, found }) => ({
        fields: [chainName(design, chain), percentText(found.factor)],
      })),
    },
  };
}

function interactionsView(all: readonly Interaction[], metric: Metric, basis: string): InteractionsView {
  const strength = (one: Interaction) => Math.abs(Math.log(one.factor.median));
  const strongest = all
    .filter((one) => strength(one) >= MIN_DEPARTURE)
    .toSorted((a, b) => strength(b) - strength(a))
    .slice(0, MAX_INTERACTIONS);
  const title = `Where settings interact on ${metric.label}`;
  const [first] = strongest;
  if (first === undefined) {
    const reading = `Nowhere: no pair of values moves ${metric.label} by 2 % or more beyond what the two do alone.`;
    return { title, metric, strongest, reading, table: { caption: title, columns: [], rows: [] } };
  }
  const name = (one: Interaction) =>
    one.axes.map((axis, i) => `${axis} ${levelText(axis, one.levels[i] ?? '')}`).join(' with ');
  const clear = all.filter(
    (one) => one.factor.ci !== null && (one.factor.ci.low > 1 || one.factor.ci.high < 1),
  );
  const certainty =
    first.factor.ci === null
      ? 'six blocks are needed to say which of these are more than noise'
      : `${clear.length} of ${all.length} pairs have an interval off zero, of which about ${Math.round(all.length * 0.05)} would by chance`;
  return {
    title,
    metric,
    strongest,
    reading: `Strongest: ${name(first)}, where ${metric.label} is ${percentText(first.factor)} off what the two alone predict; ${certainty}.`,
    table: {
      caption: `Strongest interactions on ${metric.label}, ${basis}`,
      columns: [{ head: 'Pair' }, { head: 'Beyond the two alone', numeric: true }],
      rows: strongest.map((one) => ({ fields: [name(one), percentText(one.factor)] })),
    },
  };
}
