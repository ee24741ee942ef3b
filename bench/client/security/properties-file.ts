import { KsweepError } from '../../common/errors.ts';

/** A value and the line of the file that it starts on. */
export interface Property {
  readonly value: string;
  /** For error messages, such as `client.properties:3` or an environment variable's name. */
  readonly where: string;
  /** Where the key was set before; that value does not count. */
  readonly overrides?: string;
}

export type Properties = ReadonlyMap<string, Property>;

/** Without blanks and control characters at both ends, as Java's String.trim: a no-break space stays. */
export const javaTrim = (text: string): string => text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '');

/** Throws `client-properties-invalid`, naming where the value was written. */
export function refuse(where: string, message: string, hint?: string): never {
  throw new KsweepError(
    'client-properties-invalid',
    `${where}: ${message}`,
    hint === undefined ? {} : { hint },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/**
 * A Java .properties file, as java.util.Properties.load reads it: comments with # or !, separators =, : or blank,
 * continuation by a backslash at the end of a line, and \uXXXX. Of a key that occurs twice the last one counts, and
 * the first one's place is kept.
 */
export function parseProperties(text: string, file: string): Map<string, Property> {
  const properties = new Map<string, Property>();
  for (const { line, number } of logicalLines(text)) {
    const where = `${file}:${number}`;
    const { rawKey, rawValue } = split(line);
    const key = unescaped(rawKey, where);
    const before = properties.get(key)?.where;
    const value = unescaped(rawValue, where);
    properties.set(key, { value, where, ...(before === undefined ? {} : { overrides: before }) });
  }
  return properties;
}

const isBlank = (char: string): boolean => char === ' ' || char === '\t' || char === '\f';

/** The lines that count, continued ones joined, by the rules of the JDK's Properties.LineReader. */
function* logicalLines(text: string): Generator<{ line: string; number: number }> {
  let number = 0;
  let line = '';
  let start = 0;
  for (const natural of text.replace(/^(\uFEFF|\u00EF\u00BB\u00BF)/, '').split(/\r\n|\r|\n/)) {
    number++;
    let from = 0;
    while (isBlank(natural[from] ?? '')) from++;
    const rest = natural.slice(from);
    // Only what is continued cannot begin with a comment; a lone backslash continues nothing yet.
    if (line === '') {
      if (rest.startsWith('#') || rest.startsWith('!')) continue;
      start = number;
    }
    const continued = endsInContinuation(rest);
    line += continued ? rest.slice(0, -1) : rest;
    if (continued) continue;
    if (line !== '') yield { line, number: start };
    line = '';
  }
  if (line !== '') yield { line, number: start };
}

/** An even number of backslashes at the end is escaped backslashes. */
function endsInContinuation(line: string): boolean {
  const trailing = /\\*$/.exec(line)?.[0].length ?? 0;
  return trailing % 2 === 1;
}

function split(line: string): { rawKey: string; rawValue: string } {
  let end = 0;
  while (end < line.length && !'=: \t\f'.includes(line[end] ?? '')) end += line[end] === '\\' ? 2 : 1;
  const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(line.slice(end))?.[0].length ?? 0;
  return { rawKey: line.slice(0, end), rawValue: line.slice(end + separator) };
}

function unescaped(text: string, where: string): string {
  return text.replace(/\\(u[0-9A-Fa-f]{4}|u|.|$)/gs, (_match, escaped: string) => {
    if (escaped === 'u') {
      throw new KsweepError('client-properties-invalid', `${where}: \\u is not followed by four hex digits`);
    }
    if (escaped.startsWith('u')) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return ESCAPES[escaped] ?? escaped;
  });
}
