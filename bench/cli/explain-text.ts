import { groupBy } from '../../reports/run/group-by.ts';
import type { Explained } from '../messages/explain/lookup.ts';
import { text } from '../messages/texts.ts';
import { LATENCIES, PERCENTILES } from '../results/latency.ts';

/** One explanation for people. */
export function explanationText({ kind, name, means, next }: Explained): string {
  return `${name} (${kind})\n  ${means}\n  ${text('error.next', { step: next })}`;
}

/** All names by what they are, in lines of at most `width` columns; the statistics of a latency once for all of them. */
export function namesText(names: readonly Pick<Explained, 'kind' | 'name'>[], width: number): string {
  const statistics = [...Object.keys(PERCENTILES), ...OTHER_STATISTICS];
  const groups = groupBy(
    names.filter(({ name }) => !LATENCIES.some((latency) => name.startsWith(`${latency}.`))),
    ({ kind }) => kind,
  );
  return [
    'latency (metric):',
    wrapped(LATENCIES, width),
    '  each with a statistic, such as due-to-ack.p99:',
    wrapped(statistics, width),
    ...[...groups].flatMap(([kind, own]) => [
      `${kind}:`,
      wrapped(
        own.map(({ name }) => name),
        width,
      ),
    ]),
  ].join('\n');
}

const OTHER_STATISTICS = ['mean', 'stddev', 'min', 'max', 'count', 'negative'];

function wrapped(words: readonly string[], width: number): string {
  const lines: string[] = [];
  let line = ' ';
  for (const [index, word] of words.entries()) {
    const piece = ` ${word}${index < words.length - 1 ? ',' : ''}`;
    if (line.length + piece.length > width && line.trim() !== '') {
      lines.push(line);
      line = ' ';
    }
    line += piece;
  }
  return [...lines, line].join('\n');
}
