import { createRandom, type Random } from '../../bench/common/random.ts';
import { boundBy } from '../../bench/run/judge/bound/bound.ts';
import type { BoundFacts } from '../../bench/run/judge/bound/facts.ts';
import { calmFacts } from '../support/bound-facts.ts';
import { CAUSES, calmEvidence } from './causes.ts';
import { answersOf, tableOf } from './table.ts';

const SEED = 20_260_101;
const RUNS_A_CAUSE = 5;
export const CALM_RUNS = 10;

/** What was named where one cause was put in; null where nothing was. */
export interface Row {
  readonly cause: string;
  readonly named: readonly (string | null)[];
  readonly right: number;
}

const namedBy = (evidence: Partial<BoundFacts>): string | null =>
  boundBy({ ...calmFacts, ...evidence }).find(({ binds }) => binds)?.resource ?? null;

const runs = (count: number, label: string, evidence: (random: Random) => Partial<BoundFacts>) =>
  Array.from({ length: count }, (_, run) => namedBy(evidence(createRandom(SEED).fork(`${label} ${run}`))));

/** Every cause and the calm runs, each from its own seeds. Right for a calm run is that nothing is named. */
export function confusion(): { readonly causes: readonly Row[]; readonly calm: Row } {
  const calm = runs(CALM_RUNS, 'calm', calmEvidence);
  return {
    causes: CAUSES.map(({ name, named, evidence }) => {
      const all = runs(RUNS_A_CAUSE, name, evidence);
      return { cause: name, named: all, right: all.filter((one) => one !== null && named.test(one)).length };
    }),
    calm: { cause: 'nothing (calm)', named: calm, right: calm.filter((one) => one === null).length },
  };
}

/** Markdown: a row for each cause, and how often what was named. */
export function confusionTable(): string {
  const { causes, calm } = confusion();
  const rows = [...causes, calm].map(({ cause, named, right }) => [
    cause,
    answersOf(named),
    `${right} of ${named.length}`,
  ]);
  return tableOf(['Put in', 'Named', 'Right'], rows);
}
