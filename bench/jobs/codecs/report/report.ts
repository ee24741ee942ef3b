import { type CellSummary, summarizeCells } from '../../../../reports/run/cell-summary.ts';
import { EXIT, type ExitStatus, mostSevere } from '../../../common/errors.ts';
import type { LoadedRun } from '../../../results/load-run.ts';
import type { Manifest } from '../../../results/manifest.ts';
import { metricOf } from '../../../results/metrics.ts';
import type { Spread } from '../../../stats/describe.ts';
import { configOfCell, configText, propertiesText } from '../codecs.ts';
import { type Payload, repetitionWarning } from '../payload.ts';
import type { Phase, PhaseName } from '../phases.ts';
import { type CodecsRequest, type Priority, variedIn } from '../request.ts';
import { type Aim, aimsOf, ordered } from './aims.ts';
import { chooseFinalists, type Finalists } from './finalists.ts';
import type { PriceTerms } from './price.ts';
import { type PricedConfig, priced } from './priced.ts';
import { type Recommendation, recommend } from './recommend.ts';
import { compareRecompression, type Recompression } from './recompression.ts';
import { type StampEffect, stampEffects } from './stamp.ts';

/** A phase that has been measured, wholly or in part. */
export interface MeasuredPhase {
  readonly phase: Phase;
  readonly run: LoadedRun;
}
export type MeasuredPhases = { readonly [P in PhaseName]?: MeasuredPhase };

/** Figures of each cell that reports show, by metric key. */
const FIGURES = [
  'wirePerRecord',
  'diskPerRecord',
  'cpu.producerUsPerMB',
  'cpu.consumerUsPerMB',
  'cpu.brokerUsPerMB',
  'due-to-ack.p50',
  'due-to-ack.p99',
  'due-to-ack.p99.9',
  'end-to-end.p50',
  'end-to-end.p99',
  'end-to-end.p99.9',
] as const;

export interface CellFigures {
  readonly cellId: string;
  readonly label: string;
  /** As in a producer's properties file. */
  readonly properties: string;
  readonly valid: number;
  readonly planned: number;
  /** Why repeats are invalid or failed. */
  readonly reasons: readonly string[];
  readonly onFront: boolean;
  /** The user's bytes ÷ bytes on the wire, the stamp on the wire included. */
  readonly ratio: number | null;
  readonly figures: Readonly<Record<string, Spread | null>>;
}

interface SustainableRate {
  readonly label: string;
  readonly lowPerSec: number | null;
  readonly highPerSec: number | null;
  readonly limitedBy: string;
  readonly probes: number;
}

/** A comparison as a whole: what codecs.json holds, and all that the other views are made of. */
export interface CodecsReport {
  readonly schemaVersion: 1;
  readonly command: string;
  readonly createdAt: string;
  readonly priority: Priority;
  readonly rate: string;
  /** What all configurations share and labels leave out, such as "linger.ms=5". */
  readonly shared: readonly string[];
  readonly payload: Pick<Payload, 'name' | 'distinctRecords' | 'distinctBytes' | 'meanBytes' | 'maxBytes'>;
  readonly environment: Omit<Manifest['environment'], 'hostname'>;
  readonly cluster: {
    readonly brokers: number;
    readonly kafkaVersion: string | null;
    readonly local: boolean;
  };
  /** Run folder of each phase, below this report's own. */
  readonly folders: Partial<Record<PhaseName, string>>;
  readonly warnings: readonly string[];
  readonly screen: readonly CellFigures[];
  readonly finalists: readonly CellFigures[];
  readonly recommended: CellFigures | null;
  readonly recommendation: Recommendation | null;
  readonly prices: readonly PricedConfig[];
  readonly terms: PriceTerms;
  readonly stamp: readonly StampEffect[];
  readonly recompression: (Recompression & { readonly label: string }) | null;
  readonly capacity: readonly SustainableRate[];
  readonly interrupted: boolean;
  readonly status: ExitStatus;
}

/** The cells of a phase, called by what they would roll out. */
export function cellsOf({ phase, run }: MeasuredPhase): CellSummary[] {
  return summarizeCells(run).map((cell) => {
    const label = phase.labels.get(cell.id) ?? cell.label;
    return { ...cell, label, name: label };
  });
}

/** What the screen comes to, for choosing who is measured again. */
export function judgeScreen(screen: MeasuredPhase, request: CodecsRequest, terms: PriceTerms): Finalists {
  const cells = cellsOf(screen);
  const configs = new Map(screen.phase.plan.cells.map((cell) => [cell.id, configOfCell(cell)]));
  const referenceOf = (cell: CellSummary): CellSummary | undefined => {
    const own = configs.get(cell.id);
    const wanted = own && configText({ ...own, codec: 'none', level: null }, variedIn(request));
    return cells.find(({ label }) => label === wanted);
  };
  return chooseFinalists(cells, aimsOf(cells, terms), request.priority, request.finalists, referenceOf);
}

function figuresOf(
  { phase }: MeasuredPhase,
  cells: readonly CellSummary[],
  front: readonly CellSummary[],
  recordBytes: number,
): CellFigures[] {
  const onFront = new Set(front.map(({ id }) => id));
  return cells.map((cell) => {
    const planned = phase.plan.cells.find(({ id }) => id === cell.id);
    const wire = cell.of(metricOf('wirePerRecord'));
    return {
      cellId: cell.id,
      label: cell.label,
      properties: planned === undefined ? '' : propertiesText(configOfCell(planned)),
      valid: cell.counts.valid,
      planned: cell.counts.planned,
      reasons: cell.reasons.map(({ message, count }) => `${message} (${count} of ${cell.counts.planned})`),
      onFront: onFront.has(cell.id),
      ratio: wire === null || wire.median === 0 ? null : recordBytes / wire.median,
      figures: Object.fromEntries(FIGURES.map((key) => [key, cell.of(metricOf(key))])),
    };
  });
}

function capacityOf(measured: MeasuredPhase | undefined): SustainableRate[] {
  if (measured === undefined) return [];
  return cellsOf(measured).flatMap(({ label, repeats }) =>
    repeats.flatMap(({ search }) =>
      search === undefined
        ? []
        : [
            {
              label,
              lowPerSec: search.lowPerSec,
              highPerSec: search.highPerSec,
              limitedBy: search.limitedBy,
              probes: search.probes.length,
            },
          ],
    ),
  );
}

export interface ReportInput {
  readonly request: CodecsRequest;
  readonly payload: Payload;
  readonly measured: MeasuredPhases;
  readonly terms: PriceTerms;
  readonly command: string;
  readonly interrupted: boolean;
}

/** Throws where not even the screen was begun. */
export function codecsReport(input: ReportInput): CodecsReport {
  const { request, payload, measured, terms } = input;
  const { screen, finalists, stamp, recompression } = measured;
  if (screen === undefined) throw new Error('no screen was measured');
  const { front } = judgeScreen(screen, request, terms);
  const screenFigures = figuresOf(screen, cellsOf(screen), front, payload.meanBytes);
  const finalistCells = finalists === undefined ? [] : cellsOf(finalists);
  const finalistFigures =
    finalists === undefined ? [] : figuresOf(finalists, finalistCells, finalistCells, payload.meanBytes);
  const recommendation = recommend(finalistCells, aimsInOrder(finalistCells, request, terms));
  const effects =
    stamp === undefined ? [] : stampEffects(cellsOf(stamp), ({ label }) => label, payload.meanBytes);
  const recommendedAt = finalistCells.findIndex(({ id }) => id === recommendation?.cellId);
  const { hostname: _hostname, ...environment } = screen.run.manifest.environment;
  const { cluster } = screen.run.manifest;
  return {
    schemaVersion: 1,
    command: input.command,
    createdAt: screen.run.manifest.createdAt,
    priority: request.priority,
    rate: request.rate,
    shared: sharedBy(request),
    payload: {
      name: payload.name,
      distinctRecords: payload.distinctRecords,
      distinctBytes: payload.distinctBytes,
      meanBytes: payload.meanBytes,
      maxBytes: payload.maxBytes,
    },
    environment,
    cluster: {
      brokers: cluster.brokers.length,
      kafkaVersion: cluster.kafkaVersion,
      local: cluster.local,
    },
    folders: foldersOf(measured),
    warnings: warningsOf(request, payload),
    screen: screenFigures,
    finalists: finalistFigures,
    recommended: finalistFigures[recommendedAt] ?? null,
    recommendation,
    prices: priced(finalists === undefined ? cellsOf(screen) : finalistCells, effects, terms),
    terms,
    stamp: effects,
    recompression: recompressionOf(recompression),
    capacity: capacityOf(measured.capacity),
    interrupted: input.interrupted,
    status: statusOf(input, recommendation),
  };
}

function aimsInOrder(cells: readonly CellSummary[], request: CodecsRequest, terms: PriceTerms): Aim[] {
  return ordered(aimsOf(cells, terms), request.priority);
}

function sharedBy(request: CodecsRequest): string[] {
  const { batchSize, linger } = variedIn(request);
  return [
    ...(batchSize ? [] : [`batch.size=${request.batchSizesBytes[0]}`]),
    ...(linger ? [] : [`linger.ms=${request.lingersMs[0]}`]),
    ...request.set,
  ];
}

function foldersOf(measured: MeasuredPhases): Partial<Record<PhaseName, string>> {
  const entries = Object.entries(measured).map(([name, { run }]) => [name, run.dir.split('/').at(-1) ?? '']);
  return Object.fromEntries(entries) as Partial<Record<PhaseName, string>>;
}

function warningsOf(request: CodecsRequest, payload: Payload): string[] {
  const repeated = repetitionWarning(payload, Math.max(...request.batchSizesBytes));
  return repeated === null ? [] : [repeated];
}

function recompressionOf(measured: MeasuredPhase | undefined): CodecsReport['recompression'] {
  const [first] = measured?.phase.plan.cells ?? [];
  if (measured === undefined || first === undefined) return null;
  const topicCodec = measured.phase.plan.cells
    .map(({ settings }) => settings['topic.configs.compression.type'])
    .find((type) => type !== 'producer');
  return {
    label: measured.phase.labels.get(first.id) ?? first.label,
    ...compareRecompression(summarizeCells(measured.run), String(topicCodec)),
  };
}

/**
 * 2 where a repeat failed; 3 where it was cut off, or no finalist has a valid repeat to recommend it by. A cell of the
 * screen that is invalid throughout, such as a level that cannot keep the rate, is an answer and no failure.
 */
function statusOf({ measured, interrupted }: ReportInput, recommendation: Recommendation | null): ExitStatus {
  const runs = Object.values(measured).map(({ run }) => run);
  return mostSevere([
    runs.some(({ repeats }) => repeats.some(({ outcome }) => outcome === 'failed'))
      ? EXIT.harness
      : EXIT.pass,
    interrupted || recommendation === null || runs.some(({ unfinished }) => unfinished.length > 0)
      ? EXIT.invalid
      : EXIT.pass,
  ]);
}
