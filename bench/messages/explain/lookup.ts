import { nearest } from '../../common/nearest.ts';
import { METRICS } from '../../results/metrics.ts';
import type { Language } from '../language.ts';
import type { Entry, Explanation } from './entry.ts';
import { ERRORS } from './errors.ts';
import { explainMetric } from './metrics.ts';
import { NOTES } from './notes.ts';
import { REASONS } from './reasons.ts';
import { CELL_VERDICTS, COMPARISON_VERDICTS, NIGHT_VERDICTS, SEARCH_LIMITS } from './verdicts.ts';

/** Where a name comes from; one name may be several things: `failed` is a metric and a verdict. */
type Kind =
  | 'metric'
  | 'reason'
  | 'note'
  | 'cell verdict'
  | 'comparison verdict'
  | 'nightly verdict'
  | 'search limit'
  | 'error';

export interface Explained extends Explanation {
  readonly kind: Kind;
  readonly name: string;
}

interface Named {
  readonly kind: Kind;
  readonly name: string;
  /** Other ways in which people write it. */
  readonly also: readonly string[];
  readonly entry: Entry;
}

const from = (kind: Kind, entries: Readonly<Record<string, Entry>>): Named[] =>
  Object.entries(entries).map(([name, entry]) => ({ kind, name, also: [], entry }));

const ALL: readonly Named[] = [
  ...METRICS.flatMap(({ key, label, column }): Named[] => {
    const en = explainMetric(key);
    return en === undefined ? [] : [{ kind: 'metric', name: key, also: [label, column], entry: { en } }];
  }),
  ...from('reason', REASONS),
  ...from('note', NOTES),
  ...from('cell verdict', CELL_VERDICTS),
  ...from('comparison verdict', COMPARISON_VERDICTS),
  ...from('nightly verdict', NIGHT_VERDICTS),
  ...from('search limit', SEARCH_LIMITS),
  ...from('error', ERRORS),
];

/** "due-to-ack p99", "due→ack p99" and "due-to-ack.p99" are one. */
const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll('→', '-to-')
    .replaceAll(/[\s._]+/g, '-');

/** Everything that has a name, in the order of the kinds. */
export const explainedNames = (): readonly Pick<Named, 'kind' | 'name'>[] => ALL;

/** What a name means, once for each thing that has it; none where nothing has. */
export function explain(name: string, language: Language): Explained[] {
  const wanted = plain(name);
  return ALL.filter((one) => [one.name, ...one.also].some((known) => plain(known) === wanted)).map(
    ({ kind, name: known, entry }) => ({ kind, name: known, ...(entry[language] ?? entry.en) }),
  );
}

/** The name that was probably meant. */
export function nearestName(name: string): string | undefined {
  return nearest(
    name,
    ALL.flatMap((one) => [one.name, ...one.also]),
  );
}
