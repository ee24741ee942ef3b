import type { KsweepError } from '../../common/errors.ts';
import { own } from '../../common/own.ts';
import { text } from '../words.ts';
import { decimalNumber, isoTime, namedInteger, namedText, uuid } from './named-values.ts';
import { type DrawAt, leaf, type Shape } from './shape.ts';

type Keywords = Readonly<Record<string, unknown>>;
type Refuse = (what: string) => KsweepError;

const FORMATS: Readonly<Record<string, (at: DrawAt) => string>> = {
  'date-time': ({ timeMs }) => isoTime(timeMs),
  date: ({ timeMs }) => isoTime(timeMs).slice(0, 10),
  time: ({ timeMs }) => isoTime(timeMs).slice(11),
  uuid: ({ random }) => uuid(random),
  email: namedText('email'),
  uri: namedText('url'),
  ipv4: namedText('ip'),
  hostname: ({ random }) => `node-${random.int(200)}.example.com`,
};

const bound = (value: unknown, missing: number): number => (value === undefined ? missing : Number(value));

function integer(keywords: Keywords, name: string, refuse: Refuse): (at: DrawAt) => number {
  const step = bound(keywords['multipleOf'], 1);
  if (!Number.isInteger(step) || step < 1) throw refuse(`"multipleOf": ${step}`);
  const low = Math.max(
    Math.ceil(bound(keywords['minimum'], Number.NEGATIVE_INFINITY)),
    Math.floor(bound(keywords['exclusiveMinimum'], Number.NEGATIVE_INFINITY)) + 1,
  );
  const high = Math.min(
    Math.floor(bound(keywords['maximum'], Number.POSITIVE_INFINITY)),
    Math.ceil(bound(keywords['exclusiveMaximum'], Number.POSITIVE_INFINITY)) - 1,
  );
  const max = Math.floor(Math.min(high, Number.MAX_SAFE_INTEGER) / step);
  const min = Math.ceil((low === Number.NEGATIVE_INFINITY ? Math.min(0, high) : low) / step);
  const least = Number.isFinite(low) ? min : Math.min(min, max);
  if (!(least <= max)) throw refuse('bounds that no whole number lies in');
  const draw = namedInteger(name, least, max);
  return (at) => draw(at) * step;
}

function fraction(keywords: Keywords, refuse: Refuse): (at: DrawAt) => number {
  const lows = [keywords['minimum'], keywords['exclusiveMinimum']]
    .filter((one) => one !== undefined)
    .map(Number);
  const highs = [keywords['maximum'], keywords['exclusiveMaximum']]
    .filter((one) => one !== undefined)
    .map(Number);
  if (lows.length + highs.length === 0) return decimalNumber;
  const low = lows.length > 0 ? Math.max(...lows) : Math.min(...highs) - 1000;
  const high = highs.length > 0 ? Math.min(...highs) : low + 1000;
  if (!(low < high)) throw refuse('bounds that no number lies between');
  // Never the bounds themselves, which may be exclusive.
  return ({ random }) => low + ((high - low) * (1 + random.int(998))) / 1000;
}

function words(keywords: Keywords, name: string, refuse: Refuse): (at: DrawAt) => string {
  const { format, minLength, maxLength } = keywords;
  if (format !== undefined) {
    const draw = own(FORMATS, String(format));
    if (draw === undefined) throw refuse(`the format "${format}"`);
    if (minLength !== undefined || maxLength !== undefined) throw refuse('a length beside "format"');
    return draw;
  }
  const min = bound(minLength, 0);
  const max = bound(maxLength, Number.POSITIVE_INFINITY);
  if (!(min <= max)) throw refuse(`minLength ${min} above maxLength ${max}`);
  const draw = namedText(name);
  return (at) => {
    const drawn = draw(at).slice(0, max);
    return drawn.length < min ? drawn + text(min - drawn.length, at.random) : drawn;
  };
}

/** A shape without parts, of a JSON type. `refuse` makes the error for what values cannot be made of. */
export function jsonLeaf(type: string, keywords: Keywords, name: string, refuse: Refuse): Shape {
  switch (type) {
    case 'integer':
      return leaf(integer(keywords, name, refuse));
    case 'number':
      return leaf(fraction(keywords, refuse));
    case 'boolean':
      return leaf(({ random }) => random.int(4) > 0);
    case 'null':
      return leaf(() => null);
    default:
      return leaf(words(keywords, name, refuse));
  }
}
