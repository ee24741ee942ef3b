import { KsweepError } from '../common/errors.ts';

/** kafka-consumer-perf-test's own. */
export const DEFAULT_DATE_FORMAT = 'yyyy-MM-dd HH:mm:ss:SSS';

const padded = (value: number, length: number): string => String(value).padStart(length, '0');

/** Letters of java.text.SimpleDateFormat, in the zone of this machine. */
const LETTERS: Readonly<Record<string, (date: Date, length: number) => string>> = {
  y: (date, length) =>
    length === 2 ? padded(date.getFullYear() % 100, 2) : padded(date.getFullYear(), length),
  M: (date, length) => padded(date.getMonth() + 1, length),
  d: (date, length) => padded(date.getDate(), length),
  H: (date, length) => padded(date.getHours(), length),
  m: (date, length) => padded(date.getMinutes(), length),
  s: (date, length) => padded(date.getSeconds(), length),
  S: (date, length) => padded(date.getMilliseconds(), length),
  Z: (date) => {
    const minutes = -date.getTimezoneOffset();
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}${padded(size % 60, 2)}`;
  },
};

/** A time in the format of a SimpleDateFormat pattern. Throws usage for a letter that is not understood here. */
export function dateFormat(pattern: string): (epochMs: number) => string {
  const parts = [...pattern.matchAll(/'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']+/g)].map(([text, quoted]) => {
    if (quoted !== undefined) {
      const literal = text === "''" ? "'" : quoted.replaceAll("''", "'");
      return (): string => literal;
    }
    const letter = text[0] ?? '';
    if (!/[a-zA-Z]/.test(letter)) return (): string => text;
    const write = LETTERS[letter];
    if (write === undefined || (letter === 'M' && text.length > 2)) {
      throw new KsweepError('usage', `--date-format ${pattern}: "${text}" is not understood here`, {
        hint: `of SimpleDateFormat's letters there are ${Object.keys(LETTERS).join(', ')}, months by number`,
      });
    }
    return (date: Date): string => write(date, text.length);
  });
  return (epochMs) => {
    const date = new Date(epochMs);
    return parts.map((part) => part(date)).join('');
  };
}
