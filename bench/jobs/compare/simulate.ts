import { createRandom, type Random } from '../../common/random.ts';
import { median } from '../../stats/describe.ts';
import { normalDraw } from '../../stats/normal.ts';
import { runOffset } from '../../stats/run-offset.ts';
import { type Comparison, compareFamily } from '../../stats/verdict.ts';

/** How one repeat strays from its configuration's level; all figures are relative. */
export interface RepeatNoise {
  /** Standard deviation of a repeat. */
  readonly sigma: number;
  /** Standard deviation of what the repeats of one block share: the machine's hour. */
  readonly blockSigma: number;
  /** Share of repeats that something else spoiled, and by how much at the most; they are slower. */
  readonly outlierShare: number;
  readonly outlierSize: number;
}

/** Blocks that differ by more than repeats do, and one repeat in fifty spoiled by up to 30 %. */
export const realisticNoise = (sigma: number): RepeatNoise => ({
  sigma,
  blockSigma: 2 * sigma,
  outlierShare: 0.02,
  outlierSize: 0.3,
});

export interface CompareScenario {
  readonly blocks: number;
  /** Candidate ÷ base in truth; 1: the same configuration on both sides (A/A). */
  readonly effect: number;
  readonly delta: number;
  readonly noise: RepeatNoise;
  /** Rows of the verdict table, tested as one family. */
  readonly metrics: number;
  /** False: the two sides ran one after the other, and share no block. */
  readonly paired: boolean;
  /** Standard deviation of what all repeats of a run share, where the sides are runs of their own. */
  readonly runSigma?: number;
  /** Nights of a history that tell how far runs lie apart; left out, none is assumed. */
  readonly nights?: number;
  readonly seed: number;
}

function side(random: Random, noise: RepeatNoise, effect: number, block: number): number {
  const spoiled = random.next() < noise.outlierShare ? Math.log1p(random.next() * noise.outlierSize) : 0;
  return Math.exp(Math.log(effect) + block + noise.sigma * normalDraw(random) + spoiled);
}

/** Simulates comparisons of two configurations and judges them as `ksweep compare` does: verdicts, one list a comparison. */
function simulate(scenario: CompareScenario, comparisons: number): Comparison['verdict'][][] {
  const { blocks, effect, delta, noise, metrics, paired, seed, runSigma = 0, nights } = scenario;
  const root = createRandom(seed);
  return Array.from({ length: comparisons }, (_, i) => {
    const random = root.fork(`comparison ${i}`);
    const family = Array.from({ length: metrics }, () => {
      const hours = Array.from(
        { length: paired ? blocks : 2 * blocks },
        () => noise.blockSigma * normalDraw(random),
      );
      const runs = [0, 1].map(() => (paired ? 0 : runSigma * normalDraw(random)));
      const values = (factor: number, from: number, run: number): number[] =>
        Array.from({ length: blocks }, (_one, b) =>
          side(random, noise, factor, (hours[from + b] ?? 0) + run),
        );
      const base = values(1, 0, runs[0] ?? 0);
      const candidate = values(effect, paired ? 0 : blocks, runs[1] ?? 0);
      const sides = { base, candidate, paired, delta, direction: 'lower-is-better' as const };
      if (nights === undefined) return sides;
      const night = (): number => {
        const run = runSigma * normalDraw(random);
        const repeats = Array.from({ length: blocks }, () =>
          Math.log(side(random, noise, 1, noise.blockSigma * normalDraw(random) + run)),
        );
        return median(repeats);
      };
      return { ...sides, offset: runOffset([Array.from({ length: nights }, night)]) ?? ('unknown' as const) };
    });
    return compareFamily(family, false).map(({ verdict }) => verdict);
  });
}

/** Shares of comparisons that called anything a change, and of verdicts that were `regressed`, `equivalent`, `inconclusive`. */
export interface CompareRates {
  /** Of comparisons: at least one row regressed or improved. In an A/A these are the false alarms. */
  readonly anyChange: number;
  /** Of rows. */
  readonly regressed: number;
  readonly equivalent: number;
  readonly inconclusive: number;
}

export function simulatedRates(scenario: CompareScenario, comparisons: number): CompareRates {
  const all = simulate(scenario, comparisons);
  const rows = all.flat();
  const share = (word: Comparison['verdict']): number =>
    rows.filter((verdict) => verdict === word).length / rows.length;
  const changed = all.filter((verdicts) =>
    verdicts.some((verdict) => verdict === 'regressed' || verdict === 'improved'),
  );
  return {
    anyChange: changed.length / comparisons,
    regressed: share('regressed'),
    equivalent: share('equivalent'),
    inconclusive: share('inconclusive'),
  };
}
