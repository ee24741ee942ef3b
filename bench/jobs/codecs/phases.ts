import { createHash } from 'node:crypto';
import { KsweepError } from '../../common/errors.ts';
import { createRandom } from '../../common/random.ts';
import type { WorkloadSource } from '../../run/write/manifest.ts';
import { ASSUMED_OVERHEAD_MS, estimateMs } from '../../workload/dry-run.ts';
import { parseOverride, resolveWorkload, withOverrides } from '../../workload/load.ts';
import type { Cell, Plan } from '../../workload/plan.ts';
import type { Workload, WorkloadInput } from '../../workload/schema.ts';
import { SHORTEST_WINDOW_MS } from '../../workload/search-limits.ts';
import { type CodecConfig, codecSettings, configOfCell, configText, producerSettings } from './codecs.ts';
import type { Payload } from './payload.ts';
import { type CodecsRequest, variedIn } from './request.ts';

/**
 * A comparison is up to five runs on one cluster, each with its own folder: all cells (screen); the best of them with
 * fresh seeds (finalists); their bytes with and without the stamp; the broker told to recompress; the highest rates.
 */
export type PhaseName = 'screen' | 'finalists' | 'stamp' | 'recompression' | 'capacity';

/** A run that is planned and not yet measured. */
export interface Phase {
  readonly name: PhaseName;
  readonly workload: Workload;
  readonly plan: Plan;
  readonly source: WorkloadSource;
  /** How people call what each cell would roll out, by cell id. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Bytes hardly vary between repeats. */
const STAMP_REPEATS = 2;
const STAMP_WARMUP_MS = 2_000;
const STAMP_DURATION_MS = 5_000;
/** The open tap that a search starts from, a bracket and some bisection: the answer is within about 10 %. */
const MAX_PROBES = 8;

function resolvePhase(
  name: PhaseName,
  request: CodecsRequest,
  payload: Payload,
  changes: Partial<WorkloadInput>,
): Phase {
  const input: WorkloadInput = {
    name: `codecs-${name}`,
    records: { ...payload.records, stamp: 'header' },
    load: { rate: request.rate, warmup: request.warmupMs / 1000, duration: request.durationMs / 1000 },
    seed: createRandom(request.seed).fork(name).uint32(),
    ...changes,
  };
  const overridden = withOverrides(
    input as Record<string, unknown>,
    request.set.map((text) => parseOverride(text)),
  );
  const { workload, plan } = resolveWorkload(overridden, payload.baseDir, (problems) => {
    throw new KsweepError('usage', 'these options make no comparison that can be run', {
      details: problems.map(({ path, message }) => `${path.join('.')}: ${message}`),
    });
  });
  const sha256 = createHash('sha256').update(JSON.stringify(workload)).digest('hex');
  return {
    name,
    workload,
    plan,
    source: { file: null, sha256, set: [...request.set], baseDir: payload.baseDir },
    labels: new Map(plan.cells.map((cell) => [cell.id, configText(configOfCell(cell), variedIn(request))])),
  };
}

/** A cell's label with what its phase varies besides the configuration: stamp, topic codec, rate. */
export function cellText({ labels }: Phase, cell: Cell): string {
  const { config, codec, 'batch.size': _batch, 'linger.ms': _linger, ...others } = cell.settings;
  const rest = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [labels.get(cell.id) ?? cell.label, ...rest].join(' · ');
}

/** Every codec × batch.size × linger.ms, in blocks. */
export function screenPhase(request: CodecsRequest, payload: Payload): Phase {
  return resolvePhase('screen', request, payload, {
    description: 'every codec, level, batch.size and linger.ms that was asked for',
    sweep: {
      axes: {
        codec: request.codecs.map(codecSettings),
        'batch.size': [...request.batchSizesBytes],
        'linger.ms': [...request.lingersMs],
      },
    },
    repeats: request.repeats,
  });
}

const configAxis = (configs: readonly CodecConfig[]) => ({ config: configs.map(producerSettings) });

/** The best of the screen once more, in an order and with payloads, keys and arrivals of another seed. */
export function finalistsPhase(
  request: CodecsRequest,
  payload: Payload,
  configs: readonly CodecConfig[],
): Phase {
  return resolvePhase('finalists', request, payload, {
    description: 'the finalists again, with a fresh seed',
    sweep: { axes: configAxis(configs) },
    repeats: request.finalistRepeats,
  });
}

/** The same records with the measuring stamp in a header and without any: what the client makes of both. */
export function stampPhase(request: CodecsRequest, payload: Payload, configs: readonly CodecConfig[]): Phase {
  return resolvePhase('stamp', request, payload, {
    description: 'the bytes of the finalists with and without the measuring stamp',
    load: {
      rate: request.rate,
      warmup: Math.min(STAMP_WARMUP_MS, request.warmupMs) / 1000,
      duration: Math.min(STAMP_DURATION_MS, request.durationMs) / 1000,
    },
    consumers: { groups: 0 },
    sweep: { axes: { ...configAxis(configs), stamp: ['header', 'none'] } },
    repeats: Math.min(STAMP_REPEATS, request.repeats),
  });
}

/** The topic's own codec for the recompression: the one asked for, else one that the producer does not use. */
function topicCodecFor(request: CodecsRequest, config: CodecConfig): string {
  return request.topicCompression ?? (config.codec === 'zstd' ? 'gzip' : 'zstd');
}

/** One producer, into a topic that keeps its batches and into one whose compression.type makes the broker redo them. */
export function recompressionPhase(request: CodecsRequest, payload: Payload, config: CodecConfig): Phase {
  return resolvePhase('recompression', request, payload, {
    description: 'a topic-level compression.type other than producer, at the rate and at maximum rate',
    producer: producerSettings(config),
    sweep: {
      axes: {
        'topic.configs.compression.type': ['producer', topicCodecFor(request, config)],
        rate: [request.rate, 'max'],
      },
    },
    repeats: request.finalistRepeats,
  });
}

/** The highest rate that each finalist sustains, searched within a bounded number of probes. */
export function capacityPhase(
  request: CodecsRequest,
  payload: Payload,
  configs: readonly CodecConfig[],
): Phase {
  return resolvePhase('capacity', request, payload, {
    description: 'the sustainable rate of each finalist',
    load: {
      rate: { search: { maxProbes: MAX_PROBES } },
      warmup: request.warmupMs / 1000,
      duration: Math.max(SHORTEST_WINDOW_MS, request.durationMs) / 1000,
    },
    sweep: { axes: configAxis(configs) },
    repeats: 1,
  });
}

/** All phases, with the first cells standing in for the finalists that only the screen will tell. */
export function outline(request: CodecsRequest, payload: Payload): Phase[] {
  const screen = screenPhase(request, payload);
  // One more than the finalists: the reference without compression.
  const configs = screen.plan.cells.slice(0, request.finalists + 1).map(configOfCell);
  const [first] = configs;
  if (first === undefined) throw new Error('a screen has cells');
  return [
    screen,
    finalistsPhase(request, payload, configs),
    ...(request.skip.includes('stamp') ? [] : [stampPhase(request, payload, configs)]),
    ...(request.skip.includes('recompression') ? [] : [recompressionPhase(request, payload, first)]),
    ...(request.findMax ? [capacityPhase(request, payload, configs)] : []),
  ];
}

export const phaseMs = ({ plan }: Phase): number => estimateMs(plan, ASSUMED_OVERHEAD_MS);

/** Fewer repeats than these would leave the comparison without any spread. */
const FEWEST_REPEATS = 2;
const FEWEST_FINALIST_REPEATS = 3;

/**
 * Gives up repeats until the estimate fits: those of the screen first, which only chooses, then those of the
 * finalists. Throws usage with the time that is needed where even the fewest do not fit.
 */
export function fitToBudget(
  request: CodecsRequest,
  payload: Payload,
  budgetMs: number,
): { readonly request: CodecsRequest; readonly totalMs: number } {
  let fitted = request;
  for (;;) {
    const totalMs = outline(fitted, payload).reduce((sum, phase) => sum + phaseMs(phase), 0);
    if (totalMs <= budgetMs) return { request: fitted, totalMs };
    if (fitted.repeats > FEWEST_REPEATS) fitted = { ...fitted, repeats: fitted.repeats - 1 };
    else if (fitted.finalistRepeats > FEWEST_FINALIST_REPEATS) {
      fitted = { ...fitted, finalistRepeats: fitted.finalistRepeats - 1 };
    } else {
      const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;
      throw new KsweepError(
        'usage',
        `--budget: ${minutes(budgetMs)} is not enough; with ${fitted.repeats} repeats and ${fitted.finalistRepeats} of the finalists it takes about ${minutes(totalMs)}`,
        { hint: 'name fewer codecs, batch sizes or lingers, a shorter --duration, or --quick' },
      );
    }
  }
}
