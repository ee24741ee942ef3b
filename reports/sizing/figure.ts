import { z } from 'zod';

/**
 * What a number rests on. `measured`: a run of ksweep. `documented limit`: the vendor's or Kafka's documentation, or
 * arithmetic over such limits. `heuristic`: a rule of thumb with a published source. `assumption`: an answer of the
 * user's, or the stated default of a question that was not answered.
 */
export const FIGURE_KINDS = ['measured', 'documented limit', 'heuristic', 'assumption'] as const;
export type FigureKind = (typeof FIGURE_KINDS)[number];

/** A number of the answer with what it rests on. `value` is null where there is no limit. */
export const figureSchema = z.strictObject({
  name: z.string(),
  value: z.union([z.number(), z.string(), z.null()]),
  unit: z.string(),
  kind: z.enum(FIGURE_KINDS),
  source: z.string(),
  /** 95 % interval over runs, where there is one. */
  low: z.number().nullable().optional(),
  high: z.number().nullable().optional(),
  /** What decided it. */
  binds: z.string().optional(),
});
export type Figure = z.infer<typeof figureSchema>;

export function figure(
  name: string,
  value: number | string | null,
  unit: string,
  kind: FigureKind,
  source: string,
  interval?: { low: number | null; high: number | null },
): Figure {
  return { name, value, unit, kind, source, ...(interval ?? {}) };
}

/** A result is no better founded than its weakest part: measured > documented limit > heuristic > assumption. */
export function weakestKind(kinds: Iterable<FigureKind>): FigureKind {
  let weakest = 0;
  for (const kind of kinds) weakest = Math.max(weakest, FIGURE_KINDS.indexOf(kind));
  return FIGURE_KINDS[weakest] ?? 'assumption';
}

/** A lower bound, the point estimate and an upper bound; all three the same where nothing is known of the spread. */
export interface Bounds {
  readonly low: number;
  readonly point: number;
  readonly high: number;
}

export type Side = keyof Bounds;

export function exactly(value: number): Bounds {
  return { low: value, point: value, high: value };
}
