/**
 * Two-level fractional factorials of resolution IV or more: main effects are clear of each other and of every
 * two-factor interaction; interactions are aliased with each other in known chains.
 * Generators to eleven factors: Montgomery, Design and Analysis of Experiments, table 8.14. Beyond, each further
 * factor takes an unused product of an odd number of base factors, which keeps every word even and so of length
 * four or more (Box, Hunter and Hunter, Statistics for Experimenters, 6.11).
 */
const GENERATORS: Readonly<Record<number, { readonly base: number; readonly words: readonly string[] }>> = {
  4: { base: 3, words: ['ABC'] },
  5: { base: 4, words: ['ABCD'] },
  6: { base: 4, words: ['ABC', 'BCD'] },
  7: { base: 4, words: ['ABC', 'BCD', 'ACD'] },
  8: { base: 4, words: ['BCD', 'ACD', 'ABC', 'ABD'] },
  9: { base: 5, words: ['BCDE', 'ACDE', 'ABDE', 'ABCE'] },
  10: { base: 5, words: ['ABCD', 'ABCE', 'ABDE', 'ACDE', 'BCDE'] },
  11: { base: 5, words: ['ABC', 'BCD', 'CDE', 'ACD', 'ADE', 'BDE'] },
};

export const MAX_FACTORS = 16;
/** Letters of factors; I means the identity and is left out, as the tables do. */
const LETTERS = 'ABCDEFGHJKLMNOPQ';

export interface ScreenDesign {
  /** A run a row: 0 (low) or 1 (high), a factor a column. */
  readonly runs: readonly (readonly number[])[];
  /** "E=ABCD". */
  readonly generators: readonly string[];
  readonly resolution: number | null;
  readonly aliases: readonly (readonly (readonly [number, number])[])[];
}

/** Bits of a word of base factors. */
const bitsOf = (word: string): number =>
  [...word].reduce((bits, letter) => bits | (1 << LETTERS.indexOf(letter)), 0);

const ones = (bits: number): number => bits.toString(2).replaceAll('0', '').length;

/** Which base factors each factor's column is the product of, as bits. */
function columnsOf(factors: number): { readonly base: number; readonly columns: readonly number[] } {
  if (factors <= 3) return { base: factors, columns: Array.from({ length: factors }, (_, i) => 1 << i) };
  const known = GENERATORS[factors];
  const base = known?.base ?? 5;
  const own = Array.from({ length: base }, (_, i) => 1 << i);
  if (known !== undefined) return { base, columns: [...own, ...known.words.map(bitsOf)] };
  const odd = Array.from({ length: 1 << base }, (_, bits) => bits).filter((bits) => ones(bits) % 2 === 1);
  const further = odd.filter((bits) => ones(bits) > 1).sort((a, b) => ones(a) - ones(b) || a - b);
  return { base, columns: [...own, ...further.slice(0, factors - base)] };
}

/** The design for 1 to {@link MAX_FACTORS} factors, in standard order. */
export function screenDesign(factors: number): ScreenDesign {
  const { base, columns } = columnsOf(factors);
  const sign = (run: number, bits: number): number => {
    // The product of ±1 columns: minus where an odd number of them is low.
    const low = ones(bits & ~run);
    return low % 2 === 0 ? 1 : 0;
  };
  const runs = Array.from({ length: 1 << base }, (_, run) => columns.map((bits) => sign(run, bits)));
  const generators = columns.slice(base).map((bits, i) => {
    const word = [...LETTERS].filter((_letter, at) => (bits & (1 << at)) !== 0).join('');
    return `${LETTERS[base + i]}=${word}`;
  });
  return { runs, generators, resolution: resolutionOf(columns), aliases: aliasesOf(columns) };
}

/** Length of the shortest product of factors that is the identity; null where there is none. */
function resolutionOf(columns: readonly number[]): number | null {
  let shortest: number | null = null;
  for (let subset = 1; subset < 1 << columns.length; subset++) {
    const product = columns.reduce(
      (bits, column, i) => ((subset & (1 << i)) === 0 ? bits : bits ^ column),
      0,
    );
    if (product === 0) shortest = Math.min(shortest ?? columns.length, ones(subset));
  }
  return shortest;
}

/** Two-factor interactions whose columns are the same, two or more a chain. */
function aliasesOf(columns: readonly number[]): (readonly [number, number])[][] {
  const chains = new Map<number, (readonly [number, number])[]>();
  for (const [a, one] of columns.entries()) {
    for (const [b, other] of columns.entries()) {
      if (b <= a) continue;
      const product = one ^ other;
      chains.set(product, [...(chains.get(product) ?? []), [a, b]]);
    }
  }
  return [...chains.values()].filter((chain) => chain.length > 1);
}
