import { basename } from 'node:path';
import { z } from 'zod';
import { digest } from '../../bench/results/fingerprint.ts';
import { groundOf } from '../../bench/results/ground.ts';
import { workOf } from '../../bench/results/same-work.ts';
import type { Answer } from '../answer/answer.ts';
import { measuredMetrics } from '../run/cell-summary.ts';
import { constantSettings } from '../run/constants.ts';
import type { CellReport, RunSummary } from '../run/run-summary.ts';

/** report.json of a run folder: what a run came to, for other tools and for the page of another run. */

export const REPORT_KIND = 'ksweep-report';
export const REPORT_SCHEMA_VERSION = 1;

const texts = z.record(z.string(), z.string());

const figureSchema = z.strictObject({
  n: z.int(),
  median: z.number(),
  min: z.number(),
  max: z.number(),
  iqr: z.number(),
  /** Interval of the median with its exact coverage; null under six repeats. */
  ci: z.strictObject({ low: z.number(), high: z.number(), level: z.number() }).nullable(),
  /** How far clocks of different hosts may have put it off; a share: it is of the records of one host only. */
  clockError: z
    .strictObject({ errorUs: z.number(), unsure: z.boolean(), sameHostShare: z.number().optional() })
    .optional(),
  /** Of each valid repeat, in the order of the cell's `blocks`; null where that repeat has no such figure. */
  values: z.array(z.number().nullable()),
});

const cellSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  /** What sets it apart, for people: "zstd:3 · linger 10 ms". */
  name: z.string(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  verdict: z.enum(['valid', 'pass', 'breach', 'no data', 'invalid', 'failed', 'not run']),
  explanations: z.array(z.string()),
  counts: z.strictObject({ planned: z.int(), valid: z.int(), invalid: z.int(), failed: z.int() }),
  /** Blocks of the valid repeats. */
  blocks: z.array(z.int()),
  /** By metric key, in base units. */
  figures: z.record(z.string(), figureSchema),
});

export const reportDocumentSchema = z.strictObject({
  kind: z.literal(REPORT_KIND),
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  name: z.string(),
  runId: z.string(),
  /** Name of the run folder. */
  folder: z.string(),
  createdAt: z.string(),
  question: z.string().nullable(),
  /** What `ksweep report` exits with. */
  status: z.int(),
  answer: z.strictObject({
    sentence: z.string(),
    certainty: z.string(),
    state: z.enum(['shown', 'open', 'none']),
  }),
  /** Keys of the metrics that the question is answered by, the first one foremost. */
  aims: z.array(z.string()),
  /** SHA-256 of each part of the work that two runs have to have in common. */
  work: texts,
  /** Versions, brokers and hosts that the figures hold for. */
  ground: texts,
  /** Settings that all cells share, for people. */
  constants: z.array(z.string()),
  cells: z.array(cellSchema),
  thresholds: z.array(z.record(z.string(), z.unknown())),
  /** Planned repeats that have not run. */
  unfinished: z.int(),
  problems: z.array(z.string()),
});
export type ReportDocument = z.infer<typeof reportDocumentSchema>;

export function reportDocument(summary: RunSummary, answer: Answer): ReportDocument {
  const { run, cells, status, thresholds } = summary;
  const { manifest } = run;
  const { goals } = answer;
  return {
    kind: REPORT_KIND,
    schemaVersion: REPORT_SCHEMA_VERSION,
    name: manifest.name,
    runId: manifest.runId,
    folder: basename(run.dir),
    createdAt: manifest.createdAt,
    question: manifest.question ?? null,
    status,
    answer: { sentence: answer.sentence, certainty: answer.certainty, state: answer.state },
    aims: goals === null ? [] : [goals.main, ...goals.others].map(({ key }) => key),
    work: Object.fromEntries(
      Object.entries(workOf(manifest.workload)).map(([part, value]) => [part, digest(value ?? null)]),
    ),
    ground: groundOf(manifest),
    constants: constantSettings(manifest),
    cells: cellsOf(cells),
    thresholds: thresholds.map((one) => ({ ...one })),
    unfinished: run.unfinished.length,
    problems: [...run.problems],
  };
}

function cellsOf(cells: readonly CellReport[]): ReportDocument['cells'] {
  const metrics = measuredMetrics(cells.map(({ cell }) => cell));
  return cells.map(({ cell, verdict, explanations }) => ({
    id: cell.id,
    label: cell.label,
    name: cell.name,
    settings: { ...cell.settings },
    verdict,
    explanations: [...explanations],
    counts: { ...cell.counts },
    blocks: cell.valid.map(({ block }) => block),
    figures: Object.fromEntries(
      metrics.flatMap((metric) => {
        const figure = cell.of(metric);
        return figure === null
          ? []
          : [[metric.key, { ...figure, values: cell.valid.map((one) => metric.read(one)) }]];
      }),
    ),
  }));
}
