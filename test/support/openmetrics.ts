/** One sample of an OpenMetrics text. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const METADATA = /^# (TYPE|UNIT|HELP) ([a-z_][a-z0-9_]*) (.+)$/;
const SAMPLE = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (-?[0-9.eE+-]+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (match?.[1] === undefined) throw new Error(`labels: ${text}`);
    if (match[1] in labels) throw new Error(`label ${match[1]} is there twice`);
    labels[match[1]] = (match[2] ?? '').replace(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c));
  }
  return labels;
}

/**
 * Reads OpenMetrics 1.0 text of gauges, counters and state sets, and throws where it breaks the rules: metadata before samples,
 * one block a family, a unit that ends the name, counters that end in `_total` and are not negative, states of 0 or 1 under a label of the family's name, no sample twice,
 * `# EOF` at the end.
 */
export function parseOpenMetrics(text: string): Sample[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('no # EOF at the end');
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const seen = new Set<string>();
  let family = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const metadata = METADATA.exec(line);
    if (metadata !== null) {
      const [, kind, name = '', value = ''] = metadata;
      if (name !== family && types.has(name)) throw new Error(`${name} has two blocks`);
      if (kind === 'TYPE') types.set(name, value);
      if (kind === 'UNIT' && !name.endsWith(`_${value}`)) throw new Error(`${name} does not end in ${value}`);
      family = name;
      continue;
    }
    const match = SAMPLE.exec(line);
    if (match === null) throw new Error(`not a sample: ${line}`);
    const [, name = '', labelText = '', value = ''] = match;
    const type = types.get(family);
    const expected = type === 'counter' ? `${family}_total` : family;
    if (type === 'counter' && !(Number(value) >= 0)) throw new Error(`a counter below zero: ${line}`);
    if (name !== expected || type === undefined) throw new Error(`${name} has no metadata before it`);
    const labels = labelsOf(labelText);
    if (type === 'stateset' && (!(name in labels) || !['0', '1'].includes(value)))
      throw new Error(`no state: ${line}`);
    const key = `${name}${JSON.stringify(labels)}`;
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    samples.push({ name, labels, value: Number(value) });
  }
  return samples;
}
