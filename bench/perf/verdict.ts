import type { LatencySummary } from '../results/latency.ts';

/** What is told beside the tool's own lines. */
export interface Verdict {
  readonly valid: boolean;
  /** Why the figures are not to be believed, or not all records arrived. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
  /** For people, on standard error. */
  readonly lines: readonly string[];
  /** For machines, with --json. */
  readonly figures: Readonly<Record<string, unknown>>;
}

const ms = (us: number | null): string => (us === null ? 'too few samples' : `${(us / 1000).toFixed(2)} ms`);

/** "due→ack: p50 1.20 ms, p99 8.10 ms, p99.9 too few samples, max 9.00 ms". */
export function latencyText(name: string, { percentilesUs, maxUs }: LatencySummary): string {
  const parts = (['p50', 'p99', 'p99.9'] as const).map((key) => `${key} ${ms(percentilesUs[key])}`);
  return `${name}: ${[...parts, `max ${ms(maxUs)}`].join(', ')}`;
}

/** The verdict as lines of standard error. */
export const verdictLines = ({ valid, reasons, notes, lines }: Verdict): string[] => [
  ...lines.map((line) => `ksweep: ${line}`),
  ...reasons.map((reason) => `ksweep: invalid: ${reason}`),
  ...(valid ? ['ksweep: valid'] : []),
  ...notes.map((note) => `ksweep: note: ${note}`),
];
