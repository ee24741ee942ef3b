import { type Figure, figure } from './figure.ts';
import type { GranularDemand } from './input/granular.ts';

/** What is assumed where a producer, processor or consumer does not say; one row a question that was left open. */

type Tier = 'producers' | 'processors' | 'consumers';

interface OpenQuestion {
  readonly tiers: readonly Tier[];
  readonly key: string;
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  readonly why: string;
}

const WEEK_SEC = 7 * 86_400;

const QUESTIONS: readonly OpenQuestion[] = [
  {
    tiers: ['producers'],
    key: 'peak',
    name: 'Peak',
    value: 'the average',
    unit: '',
    why: 'no daily peak',
  },
  {
    tiers: ['producers'],
    key: 'replicationFactor',
    name: 'Replication factor',
    value: 3,
    unit: '',
    why: 'no record may be lost',
  },
  {
    tiers: ['producers'],
    key: 'retention',
    name: 'Retention',
    value: WEEK_SEC,
    unit: 's',
    why: "7 days, Kafka's own",
  },
  { tiers: ['producers'], key: 'growth', name: 'Growth', value: 1, unit: '×', why: 'none' },
  {
    tiers: ['processors'],
    key: 'outputRetention',
    name: 'Retention of the output',
    value: WEEK_SEC,
    unit: 's',
    why: "7 days, Kafka's own",
  },
  {
    tiers: ['processors'],
    key: 'passthrough',
    name: 'Passthrough',
    value: 1,
    unit: 'share',
    why: 'every event comes out again',
  },
  {
    tiers: ['processors', 'consumers'],
    key: 'concurrency',
    name: 'Events handled at a time',
    value: 1,
    unit: '',
    why: 'one',
  },
];

/** `written` is the demand before the defaults were filled in. */
export function openQuestions(
  written: Readonly<Record<string, unknown>>,
  demand: Pick<GranularDemand, Tier>,
): Figure[] {
  const unanswered = (tier: Tier, key: string) => {
    const list = (written[tier] ?? []) as readonly Readonly<Record<string, unknown>>[];
    return demand[tier].filter((_, i) => list[i]?.[key] === undefined).map((one) => one.name);
  };
  return QUESTIONS.flatMap(({ tiers, key, name, value, unit, why }) => {
    const names = tiers.flatMap((tier) => unanswered(tier, key));
    return names.length === 0
      ? []
      : [figure(`${name} of ${names.join(', ')}`, value, unit, 'assumption', `default: ${why}`)];
  });
}
