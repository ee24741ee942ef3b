import { z } from 'zod';
import type { SetAside } from './parse.ts';
import { HISTORY_SCHEMA_VERSION, NIGHT_ID } from './record.ts';

const nightSummarySchema = z.strictObject({
  night: z.string().regex(NIGHT_ID),
  finishedAt: z.iso.datetime(),
  suite: z.string(),
  label: z.string().nullable(),
  commit: z.string().nullable(),
  environment: z.string(),
  /** What the night exited with. */
  status: z.int(),
  /** Names of series by verdict, those that ask for attention only. */
  regressed: z.array(z.string()),
  warned: z.array(z.string()),
  improved: z.array(z.string()),
  /** Why the gates were suspended; none where they were open. */
  suspended: z.array(z.string()),
  breaches: z.array(z.string()),
  /** Everything else that a reader has to know: repeats dropped for time, cells without a figure, series set aside. */
  notes: z.array(z.string()),
  /** The night's report, relative to the history. */
  report: z.string(),
});
/** One night as a whole, in the history for ever. */
export type NightSummary = z.infer<typeof nightSummarySchema>;

const lineSchema = nightSummarySchema.extend({ v: z.literal(HISTORY_SCHEMA_VERSION) });

/** Reads nights.ndjson; the last line about a night counts. Never throws. */
export function parseNights(file: string, text: string): { nights: NightSummary[]; setAside: SetAside[] } {
  const byNight = new Map<string, NightSummary>();
  const setAside: SetAside[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    let raw: unknown;
    try {
      raw = JSON.parse(content);
    } catch {
      setAside.push({ file, line: index + 1, kind: 'damaged', message: 'no JSON' });
      continue;
    }
    const parsed = lineSchema.safeParse(raw);
    if (parsed.success) {
      const { v: _version, ...night } = parsed.data;
      byNight.set(night.night, night);
      continue;
    }
    const version = (raw as { v?: unknown } | null)?.v;
    const future = typeof version === 'number' && version > HISTORY_SCHEMA_VERSION;
    setAside.push({
      file,
      line: index + 1,
      kind: future ? 'future-schema' : 'damaged',
      message: future ? `schema version ${version}` : (parsed.error.issues[0]?.message ?? 'unknown'),
    });
  }
  const nights = [...byNight.values()].sort((a, b) => (a.night < b.night ? -1 : 1));
  return { nights, setAside };
}
