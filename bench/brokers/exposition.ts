/** One sample of a Prometheus text page: its name in lower case, its labels, and a finite value. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*,?\s*/gy;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

function labelsOf(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (let found = LABEL.exec(text); found !== null; found = LABEL.exec(text)) {
    const [, name = '', value = ''] = found;
    labels[name.toLowerCase()] = value.replace(/\\[n"\\]/g, (sequence) => ESCAPES[sequence] ?? sequence);
    end = LABEL.lastIndex;
  }
  return end === text.trimEnd().length || text.slice(end).trim() === '' ? labels : null;
}

/**
 * Reads the Prometheus text format (and what OpenMetrics has in common with it). What is no sample is left out: a page
 * that lies must cost a figure and not the run. NaN and infinities are no figures.
 * @param wanted names worth keeping, in lower case; a page may have a hundred thousand others
 */
export function parseExposition(text: string, wanted: (name: string) => boolean): MetricSample[] {
  const samples: MetricSample[] = [];
  let from = 0;
  while (from < text.length) {
    let to = text.indexOf('\n', from);
    if (to < 0) to = text.length;
    // Cheaper than the pattern, and most lines are of metrics that nobody asks for.
    if (text[from] !== '#' && to > from) {
      const cut = text.slice(from, to);
      const name = /^[^{\s]+/.exec(cut)?.[0]?.toLowerCase();
      if (name !== undefined && wanted(name)) {
        const [, , inner, number = ''] = LINE.exec(cut) ?? [];
        const value = number === '' ? Number.NaN : Number(number);
        const labels = inner === undefined ? {} : labelsOf(inner);
        if (Number.isFinite(value) && labels !== null) samples.push({ name, labels, value });
      }
    }
    from = to + 1;
  }
  return samples;
}
