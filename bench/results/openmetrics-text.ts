export type Labels = Readonly<Record<string, string>>;

/** Samples of one name. A counter's samples end in `_total`, as the format wants it. */
export interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'stateset';
  readonly unit?: string;
  readonly help: string;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

function textOf({ name, type, unit, help, samples }: Family): string[] {
  const lines = [`# TYPE ${name} ${type}`];
  if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`);
  lines.push(`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`);
  for (const { labels, value } of samples) {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}=${quoted(text)}`);
    const labelText = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
    lines.push(`${name}${type === 'counter' ? '_total' : ''}${labelText} ${value}`);
  }
  return lines;
}

/** OpenMetrics 1.0 text; families without a sample are left out. */
export function openMetricsText(families: readonly Family[]): string {
  const lines = families.filter(({ samples }) => samples.length > 0).flatMap(textOf);
  return [...lines, '# EOF\n'].join('\n');
}
