import type { FigureKind } from './figure.ts';

/** An answer in place of a figure of the catalogue. */
export interface Override {
  readonly instance: string;
  /** The answer's name. */
  readonly question: string;
  readonly name: string;
  readonly unit: string;
  readonly own: number | undefined;
  /** What the type does for good, and in bursts; null where it is not documented, or there are none. */
  readonly lasting: number | null;
  readonly burst: number | null;
  readonly burstFor: string;
  readonly source: string;
  readonly show: (value: number) => string;
}

interface Overridden {
  readonly value: number | null;
  readonly kind: FigureKind;
  readonly source: string;
  readonly warning: { code: string; text: string } | null;
}

/** Whatever lies above what the type does for good is burst, or belongs to another machine: it is said, not trusted. */
export function overridden(one: Override): Overridden {
  const { own, lasting, burst, show } = one;
  if (own === undefined)
    return { value: lasting, kind: 'documented limit', source: one.source, warning: null };
  const answer = { value: own, kind: 'assumption', source: 'your answer' } as const;
  if (lasting === null || own <= lasting) return { ...answer, warning: null };
  const limit = `${one.question} ${show(own)} is above the ${show(lasting)} that ${one.instance} has for good`;
  const text =
    burst !== null && own <= burst
      ? `${limit}: that is burst (up to ${show(burst)}, ${one.burstFor}), and the answer rests on it as an assumption`
      : `${limit}${burst === null || burst <= lasting ? '' : `, and above its bursts of ${show(burst)}`}: no such broker is documented; for machines of your own, say --instance own`;
  return { ...answer, source: 'your answer, above the baseline', warning: { code: 'above-baseline', text } };
}
