import { z } from 'zod';

/**
 * How a run chose its cells from the combinations of its sweep, as the manifest keeps it; absent for a full factorial.
 */
export const designRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('screen'),
    /** Combinations of all values of all axes. */
    fullCells: z.int(),
    /** Each setting at two of its values: the first and the last of its axis. */
    factors: z.array(z.strictObject({ axis: z.string(), low: z.string(), high: z.string() })),
    /** Letters in the order of `factors`, such as "E=ABCD"; none where all combinations of two values run. */
    generators: z.array(z.string()),
    /** Length of the shortest word of the defining relation; null where nothing is aliased. */
    resolution: z.int().nullable(),
    /** Pairs of settings that cannot be told apart, a chain a list: indexes into `factors`. */
    aliases: z.array(z.array(z.tuple([z.int(), z.int()]))),
  }),
  z.strictObject({
    kind: z.literal('latin-hypercube'),
    fullCells: z.int(),
    seed: z.int(),
    /** The smallest distance between two cells, each setting scaled to 0 … 1. */
    minDistance: z.number(),
  }),
  z.strictObject({
    kind: z.literal('halving'),
    fullCells: z.int(),
    blocks: z.int(),
    /** What the cells are ranked by, as a threshold names it. */
    metric: z.string(),
    /** Share of the cells that goes on to the next round. */
    keep: z.number(),
    /** So many go on to the end. */
    finalists: z.int(),
  }),
]);
export type DesignRecord = z.infer<typeof designRecordSchema>;
export type HalvingRecord = Extract<DesignRecord, { kind: 'halving' }>;
export type ScreenRecord = Extract<DesignRecord, { kind: 'screen' }>;

/** The pairs of a chain in words: "acks × linger.ms". */
const pairName = ({ factors }: ScreenRecord, [a, b]: readonly [number, number]): string =>
  `${factors[a]?.axis} × ${factors[b]?.axis}`;

/** A chain in words: "acks × linger.ms + batch.size × partitions". */
export const chainName = (record: ScreenRecord, chain: ScreenRecord['aliases'][number]): string =>
  chain.map((pair) => pairName(record, pair)).join(' + ');
