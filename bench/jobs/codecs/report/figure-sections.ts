import { describeBounds, formatSpread } from '../../../../reports/run/format-spread.ts';
import type { TableData } from '../../../../reports/views/view.ts';
import { metricOf } from '../../../results/metrics.ts';
import type { Spread } from '../../../stats/describe.ts';
import type { CellFigures, CodecsReport } from './report.ts';
import { numeric, type Section } from './section.ts';

function shown(key: string, spread: Spread | null | undefined): string {
  return spread === null || spread === undefined ? '–' : formatSpread(metricOf(key), spread);
}

function cellTable(
  caption: string,
  cells: readonly CellFigures[],
  keys: readonly string[],
  extra: readonly { readonly head: string; readonly of: (cell: CellFigures) => string }[],
): TableData {
  const measured = keys.filter((key) => cells.some((cell) => cell.figures[key] != null));
  return {
    caption,
    columns: [
      { head: 'Codec' },
      ...extra.map(({ head }) => numeric(head)),
      ...measured.map((key) => numeric(metricOf(key).label)),
    ],
    rows: cells.map((cell) => ({
      fields: [
        cell.label,
        ...extra.map(({ of }) => of(cell)),
        ...measured.map((key) => shown(key, cell.figures[key])),
      ],
      ...(cell.valid === 0 ? { className: 'invalid' } : {}),
    })),
  };
}

const COST_KEYS = [
  'wirePerRecord',
  'diskPerRecord',
  'cpu.producerUsPerMB',
  'cpu.consumerUsPerMB',
  'cpu.brokerUsPerMB',
];
const LATENCY_KEYS = [
  'due-to-ack.p50',
  'due-to-ack.p99',
  'due-to-ack.p99.9',
  'end-to-end.p50',
  'end-to-end.p99',
  'end-to-end.p99.9',
];
const VALID = { head: 'Valid repeats', of: ({ valid, planned }: CellFigures) => `${valid}/${planned}` };
const RATIO = {
  head: 'Ratio',
  of: ({ ratio }: CellFigures) => (ratio === null ? '–' : `${ratio.toFixed(2)}×`),
};
const FRONT = {
  head: 'Pareto front',
  of: ({ onFront, valid }: CellFigures) => (valid === 0 ? '–' : onFront ? 'on it' : 'dominated'),
};

/** What was measured: of the finalists, then of everything. */
export function figureSections(report: CodecsReport): Section[] {
  const { screen, finalists } = report;
  // The pictures name them by these numbers.
  const numbered = screen.map((cell, i) => ({ ...cell, label: `${i + 1}. ${cell.label}` }));
  const bounds = (cells: readonly CellFigures[]): string => describeBounds(cells.map(({ valid }) => valid));
  const seen = (key: string): boolean => screen.some(({ figures }) => figures[key] != null);
  const disk = seen('diskPerRecord')
    ? 'Bytes on disk are those of the segment files of the brokers on this machine, replicas included.'
    : 'The brokers’ disks cannot be seen from here (the client has no DescribeLogDirs): the batches as sent stand for them, which brokers keep unless the topic recompresses.';
  const broker = seen('cpu.brokerUsPerMB')
    ? 'Broker CPU is that of the brokers’ processes (/proc).'
    : 'Broker CPU cannot be seen from here.';
  const measured = screen.filter(({ valid }) => valid > 0);
  const front = measured.filter(({ onFront }) => onFront).map(({ label }) => label);
  const part = (id: string, title: string, lines: string[], table: TableData): Section => ({
    id,
    title,
    lines,
    table,
  });
  const again =
    finalists.length === 0
      ? []
      : [
          part(
            'finalists',
            'The finalists, measured again with a fresh seed: bytes and CPU',
            [bounds(finalists), 'The recommendation rests on these figures alone.'],
            cellTable('Bytes and CPU of the finalists', finalists, COST_KEYS, [VALID, RATIO]),
          ),
          part(
            'finalists-latency',
            'The finalists: latency',
            [],
            cellTable('Latency of the finalists', finalists, LATENCY_KEYS, []),
          ),
        ];
  return [
    ...again,
    part(
      'bytes',
      'Everything that was tried: bytes and CPU',
      [
        bounds(screen),
        `Ratio is bytes of your records ÷ bytes that the producer put on the wire, framing and the measuring stamp included. ${disk} ${broker}`,
        front.length === measured.length
          ? 'No configuration is ruled out over latency, CPU and bytes together: intervals overlap, or what is worse in one is better in another.'
          : `On the Pareto front over latency, CPU and bytes: ${front.join('; ')}. The others are dominated by intervals that do not meet.`,
      ],
      cellTable('Bytes and CPU of each configuration', numbered, COST_KEYS, [VALID, FRONT, RATIO]),
    ),
    part(
      'latency',
      'Everything that was tried: latency',
      [
        'due→ack runs from when a record was due until its acknowledgement, end to end until it was received.',
      ],
      cellTable('Latency of each configuration', numbered, LATENCY_KEYS, []),
    ),
  ];
}
