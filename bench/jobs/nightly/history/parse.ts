import { outOfOrder } from './order.ts';
import {
  type AcceptedLine,
  type ForgottenLine,
  HISTORY_SCHEMA_VERSION,
  type HistoryLine,
  historyLineSchema,
  isNightLine,
  type NightLine,
  type SeriesLine,
} from './record.ts';

/** A line, or a night of one, that is kept in its file and not used. */
export interface SetAside {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: 'damaged' | 'future-schema' | 'clock' | 'repeated';
  readonly message: string;
}

export interface SeriesContent {
  readonly header: SeriesLine | null;
  /** In order of time, without what was forgotten or set aside. */
  readonly nights: readonly NightLine[];
  readonly accepted: readonly AcceptedLine[];
  readonly forgotten: readonly ForgottenLine[];
  readonly setAside: readonly SetAside[];
}

type ParsedLine =
  | { readonly ok: true; readonly line: HistoryLine }
  | { readonly ok: false; readonly problem: Omit<SetAside, 'file' | 'line'> };

function parseLine(text: string): ParsedLine {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    return { ok: false, problem: { kind: 'damaged', message: `no JSON: ${JSON.stringify(start)}` } };
  }
  if (isNightLine(content)) return { ok: true, line: content };
  const version = (content as { v?: unknown } | null)?.v;
  if (typeof version === 'number' && version > HISTORY_SCHEMA_VERSION) {
    const message = `schema version ${version}; this ksweep reads up to ${HISTORY_SCHEMA_VERSION}`;
    return { ok: false, problem: { kind: 'future-schema', message } };
  }
  const parsed = historyLineSchema.safeParse(content);
  if (parsed.success) return { ok: true, line: parsed.data };
  const [issue] = parsed.error.issues;
  const message = `${issue?.path.map(String).join('.') || 'content'}: ${issue?.message ?? 'unknown'}`;
  return { ok: false, problem: { kind: 'damaged', message } };
}

interface Numbered<T> {
  readonly line: T;
  readonly number: number;
}

/** Nights as they were measured, those out of time set aside, and imported ones put in by their time. */
function inOrder(
  nights: readonly Numbered<NightLine>[],
  aside: (number: number, kind: SetAside['kind'], message: string) => void,
): NightLine[] {
  const measured = nights.filter(({ line }) => !line.imported);
  const broken = new Set(outOfOrder(measured.map(({ line }) => Date.parse(line.at))));
  for (const index of broken) {
    const night = measured[index];
    if (night !== undefined) {
      aside(night.number, 'clock', `night ${night.line.night} breaks the order of time: the clock was wrong`);
    }
  }
  const kept = [
    ...measured.filter((_, index) => !broken.has(index)),
    ...nights.filter(({ line }) => line.imported),
  ];
  return kept.map(({ line }) => line).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Reads a series' file. Never throws: what cannot be used is in `setAside`. */
export function parseSeries(file: string, text: string): SeriesContent {
  const setAside: SetAside[] = [];
  const aside = (line: number, kind: SetAside['kind'], message: string): void => {
    setAside.push({ file, line, kind, message });
  };
  let header: SeriesLine | null = null;
  let nights: Numbered<NightLine>[] = [];
  const names = new Set<string>();
  const accepted: AcceptedLine[] = [];
  const forgotten: ForgottenLine[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const number = index + 1;
    const parsed = parseLine(content);
    if (!parsed.ok) {
      aside(number, parsed.problem.kind, parsed.problem.message);
      continue;
    }
    const { line } = parsed;
    if (line.type === 'series') header ??= line;
    else if (line.type === 'accepted') accepted.push(line);
    else if (line.type === 'forgotten') {
      forgotten.push(line);
      nights = line.night === null ? [] : nights.filter((one) => one.line.night !== line.night);
      if (line.night === null) names.clear();
      else names.delete(line.night);
    } else if (names.has(line.night)) {
      aside(number, 'repeated', `night ${line.night} is here already`);
    } else {
      names.add(line.night);
      nights.push({ line, number });
    }
  }
  return { header, nights: inOrder(nights, aside), accepted, forgotten, setAside };
}
