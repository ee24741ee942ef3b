import { formatNumber } from '../../../bench/common/format-number.ts';
import { formatFigure } from '../format.ts';
import type { SizingReport, WayOut } from '../report.ts';
import { columns, money } from './plain-columns.ts';

/** A design review reads so many lines: whatever is printed first fits them. */
export const SUMMARY_LINES = 40;

/** The first rows, and how many more there are. */
function firstRows(rows: readonly string[], most: number): string[] {
  if (rows.length <= most) return [...rows];
  return [...rows.slice(0, most - 1), `  … ${rows.length - most + 1} more with --full`];
}

const asLines = (rows: readonly (readonly string[])[]) =>
  rows.length === 0 ? [] : columns(rows).split('\n');

/** One way out, as a row of every view. */
export const wayOutRow = ({ change, answer, costPerMonth, currency }: WayOut): string[] => [
  change,
  answer,
  costPerMonth === null ? 'price not known' : `${money(costPerMonth, currency ?? '')} per month`,
];

const NO_WAY_OUT =
  'No change of one input, or of two, within reach makes it feasible: volumes, type, retention, replicas, failures and utilization were tried.';

function verdict(report: SizingReport): string[][] {
  if (report.feasible) {
    const rows = report.answers.map((one) => [
      one.name,
      formatFigure(one),
      one.binds === undefined ? '' : `bound by ${one.binds}`,
      one.kind,
    ]);
    return [['Recommendation', ...firstRows(asLines(rows), 10)]];
  }
  const reasons = report.infeasible.map((one) => `  ${one.constraint}: ${one.message}`);
  const ways = report.waysOut.map(wayOutRow);
  return [
    ['Infeasible', ...firstRows(reasons, 6)],
    ways.length === 0
      ? [NO_WAY_OUT]
      : ['Nearest changes that make it feasible, the cheapest first', ...firstRows(asLines(ways), 6)],
  ];
}

/** In one line where it is much; the reasons then stand with --full. */
function unjudged({ notJudged }: SizingReport): string[] {
  if (notJudged.length > 2) {
    return [`Not judged: ${notJudged.map((one) => one.resource).join(', ')} (why, and what would: --full)`];
  }
  return notJudged.map((one) => `Not judged: ${one.resource} (${one.reason})`);
}

function cheapest(report: SizingReport): string[] {
  const known = report.types.filter((one) => one.brokers !== null && one.costPerMonth !== null);
  if (known.length === 0) return [];
  const rows = known
    .slice(0, 3)
    .map(({ instance, brokers, binding, costPerMonth }) => [
      `${brokers} × ${instance}`,
      `bound by ${binding}`,
      `${money(Math.round(costPerMonth ?? 0), report.cost?.currency ?? '')} per month`,
    ]);
  return [`The cheapest of ${report.types.length} types (all with --full)`, ...asLines(rows)];
}

const count = (one: number | null | undefined) => (one == null ? 'beyond the sweep' : formatNumber(one));

/** What a pipeline is asked for: partitions of its topics and instances of its tiers, with headroom in brackets. */
function pipeline(report: SizingReport): string[] {
  const variants = ['average', 'peak', 'peakWithGrowth'] as const;
  const rows = [
    ...report.tiers.flatMap(({ tier, name, instances, withHeadroom }) =>
      instances === null || withHeadroom === null
        ? []
        : [
            [
              `${tier} ${name}`,
              ...variants.map((of) => `${count(instances[of])} [${count(withHeadroom[of])}]`),
            ],
          ],
    ),
    ...report.topics.map(({ name, partitions, partitionsWithHeadroom }) => [
      `partitions of ${name}`,
      ...variants.map((of) => `${count(partitions[of])} [${count(partitionsWithHeadroom[of])}]`),
    ]),
  ];
  if (rows.length === 0) return [];
  return [
    'Instances and partitions [with headroom]: average, peak, peak with growth',
    ...firstRows(asLines(rows), 6),
  ];
}

/** The answer in 40 lines: what to do, what binds, why, what it costs, and what would change it. */
export function renderSummary(report: SizingReport): string {
  const flips = report.sensitivities.filter((one) => one.flips);
  const changes = flips.map((one) => [one.input, one.change, one.effect]);
  const blocks: string[][] = [
    ...verdict(report),
    report.brokers === null ? [] : [`Why ${report.brokers.needed ?? 'no'} brokers: ${report.brokers.why}`],
    unjudged(report),
    report.warnings.length === 0
      ? []
      : [
          'Warnings',
          ...firstRows(
            report.warnings.map((one) => `  ! ${one.text}`),
            5,
          ),
        ],
    pipeline(report),
    report.feasible ? cheapest(report) : [],
    changes.length === 0 ? [] : ['What would change the answer', ...firstRows(asLines(changes), 4)],
    [
      ...(report.growth === null ? [] : [report.growth.text]),
      `Rests on: ${report.basis}`,
      'With --full: every step, resource, cost line, type, limit and assumption, with its source.',
    ],
  ];
  const shown = blocks.filter((block) => block.length > 0);
  const lines = shown.reduce((sum, block) => sum + block.length, 0);
  // Advice where there is room for all of it, before the last block.
  const room = SUMMARY_LINES - lines - shown.length;
  if (report.advice.length > 0 && room > 2) {
    const advice = report.advice.map((one) => `  - ${one.text}`);
    shown.splice(-1, 0, ['Advice', ...firstRows(advice, room - 2)]);
  }
  const all = shown.reduce((sum, block) => sum + block.length, 0);
  // Blank lines only where there is room for all of them.
  const between = all + shown.length - 1 <= SUMMARY_LINES ? '\n\n' : '\n';
  return `${shown.map((block) => block.join('\n')).join(between)}\n`;
}
