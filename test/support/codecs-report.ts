import { createRandom } from '../../bench/common/random.ts';
import { configOfCell } from '../../bench/jobs/codecs/codecs.ts';
import { finalistsPhase, type Phase, screenPhase, stampPhase } from '../../bench/jobs/codecs/phases.ts';
import {
  type CodecsReport,
  codecsReport,
  type MeasuredPhase,
} from '../../bench/jobs/codecs/report/report.ts';
import type { Cell } from '../../bench/workload/plan.ts';
import { loadedRun, PAYLOAD, requestWith, simulatedCells, TERMS } from './codecs.ts';

const WIRE = { none: 1030, gzip: 320, snappy: 560, lz4: 500, zstd: 300 };
const CPU = { none: 5_000, gzip: 30_000, snappy: 6_400, lz4: 6_500, zstd: 9_000 };

/** A phase as if it had been measured on a cluster that behaves like this. */
function measuredPhase(
  phase: Phase,
  blocks: number,
  without: (cell: Cell) => boolean = () => false,
): MeasuredPhase {
  const truths = phase.plan.cells.map((cell) => {
    const { codec } = configOfCell(cell);
    const stampless = cell.workload.records.stamp === 'none';
    return {
      label: cell.id,
      wireBytes: WIRE[codec] - (stampless ? 20 : 0),
      p99Us: 8_000 + CPU[codec] / 4,
      cpuUsPerMB: CPU[codec],
    };
  });
  const cells = simulatedCells(truths, blocks, createRandom(1));
  const gone = new Set(phase.plan.cells.filter(without).map(({ id }) => id));
  const repeats = cells.flatMap(({ repeats: own }) =>
    own.map((one) =>
      gone.has(one.cellId)
        ? { ...one, outcome: 'invalid' as const, reasons: [{ code: 'not-sustained', message: 'too | slow' }] }
        : one,
    ),
  );
  const planned = phase.plan.cells.map(({ id, label, settings }) => ({
    id,
    label,
    settings: { ...settings },
  }));
  return { phase, run: loadedRun(repeats, planned) };
}

/** A whole comparison of codecs, made up; without finalists, or cut off, where it says so. */
export function reportOfCodecs(
  changes: { readonly interrupted?: boolean; readonly finalists?: boolean } = {},
): CodecsReport {
  const request = requestWith({ batchSizesBytes: [131_072] });
  const screen = measuredPhase(
    screenPhase(request, PAYLOAD),
    4,
    (cell) => configOfCell(cell).codec === 'lz4',
  );
  const configs = screen.phase.plan.cells.map(configOfCell).filter(({ codec }) => codec !== 'lz4');
  return codecsReport({
    request,
    payload: PAYLOAD,
    terms: TERMS,
    command: 'ksweep codecs --payload made-up',
    interrupted: changes.interrupted === true,
    measured:
      changes.finalists === false
        ? { screen }
        : {
            screen,
            finalists: measuredPhase(finalistsPhase(request, PAYLOAD, configs), 8),
            stamp: measuredPhase(stampPhase(request, PAYLOAD, configs), 2),
          },
  });
}
