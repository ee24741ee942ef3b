import { type TextKey, text } from '../messages/texts.ts';

const SECTIONS: readonly {
  readonly head: TextKey;
  readonly rows: readonly (readonly [string, TextKey])[];
}[] = [
  {
    head: 'first.start',
    rows: [
      ['ksweep init', 'first.init'],
      ['ksweep run workload.yaml --local', 'first.local'],
      ['ksweep run workload.yaml --bootstrap-server HOST:9092', 'first.cluster'],
    ],
  },
  {
    head: 'first.jobs',
    rows: [
      ['ksweep compare results/A results/B', 'first.compare'],
      ['ksweep codecs --payload-file FILE --rate 20MB/s', 'first.codecs'],
      ['ksweep size partitions --run results/A', 'first.size'],
      ['ksweep nightly --workload FILE --history DIR', 'first.nightly'],
    ],
  },
  {
    head: 'first.help',
    rows: [
      ['ksweep --help', 'first.commands'],
      ['ksweep explain NAME', 'first.explain'],
    ],
  },
];

const widest = Math.max(...SECTIONS.flatMap(({ rows }) => rows.map(([command]) => command.length)));
/** Below this a command and what it is for take a line each. */
const NARROW = 100;

/** What `ksweep` alone shows: where to begin, and what there is. */
export function firstScreen(version: string, columns: number): string {
  const row = ([command, about]: readonly [string, TextKey]): string =>
    columns < NARROW ? `  ${command}\n      ${text(about)}` : `  ${command.padEnd(widest)}  ${text(about)}`;
  const sections = SECTIONS.map(({ head, rows }) => [`${text(head)}:`, ...rows.map(row)].join('\n'));
  return [`ksweep ${version}: ${text('first.about')}`, ...sections].join('\n\n');
}
