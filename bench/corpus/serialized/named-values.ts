import type { Random } from '../../common/random.ts';
import { text } from '../words.ts';
import { drawRank, zipfCumulative } from '../zipf.ts';
import type { DrawAt } from './shape.ts';

/** Values as fields of such names hold them in real traffic; how they are written is the serializer's business. */

const CITIES = ['Berlin', 'Hamburg', 'Paris', 'Lyon', 'London', 'Leeds', 'Tokyo', 'Austin', 'Recife', 'Pune'];
const COUNTRIES = ['DE', 'US', 'GB', 'FR', 'JP', 'BR', 'IN', 'AU'];
const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY', 'BRL', 'INR', 'AUD'];
const STATUSES = ['created', 'paid', 'packed', 'shipped', 'delivered', 'returned'];
const GIVEN = ['Anna', 'Ben', 'Chloe', 'David', 'Emi', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kenji'];
const FAMILY = ['Schmidt', 'Martin', 'Smith', 'Tanaka', 'Silva', 'Patel', 'Jones', 'Weber', 'Costa', 'Brown'];

/** Few ids are met often, as customers and products are. */
const entityRank = zipfCumulative(5_000, 0.8);

const one = (list: readonly string[], random: Random): string => list[random.int(list.length)] ?? '';
const hex = (random: Random): string => random.uint32().toString(16).padStart(8, '0');

/** A version 4 UUID. */
export function uuid(random: Random): string {
  const digits = `${hex(random)}${hex(random)}${hex(random)}${hex(random)}`;
  const variant = '89ab'[random.int(4)];
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
}

export const isoTime = (timeMs: number): string => new Date(timeMs).toISOString();

/** Kinds of text by the last word of a field's name. */
const TEXTS: readonly [last: RegExp, draw: (at: DrawAt) => string][] = [
  [/^(uuid|guid|traceid|sessionid|eventid|requestid)$/, ({ random }) => uuid(random)],
  [/^(id|key|ref|sku|number|no)$/, ({ random }) => String(100_000 + drawRank(entityRank, random))],
  [
    /^(email|mail)$/,
    ({ random }) => `${one(GIVEN, random)}.${one(FAMILY, random)}@example.com`.toLowerCase(),
  ],
  [/^(country|region|market)$/, ({ random }) => one(COUNTRIES, random)],
  [/^currency$/, ({ random }) => one(CURRENCIES, random)],
  [/^(city|town|place)$/, ({ random }) => one(CITIES, random)],
  [/^(status|state|type|kind)$/, ({ random }) => one(STATUSES, random)],
  [/^(firstname|givenname)$/, ({ random }) => one(GIVEN, random)],
  [/^(lastname|familyname|surname)$/, ({ random }) => one(FAMILY, random)],
  [/^(name|customer|user|author)$/, ({ random }) => `${one(GIVEN, random)} ${one(FAMILY, random)}`],
  [/^(url|uri|link|href)$/, ({ random }) => `https://shop.example.com/item/${drawRank(entityRank, random)}`],
  [/^(ip|host|address)$/, ({ random }) => `10.${random.int(256)}.${random.int(256)}.${random.int(256)}`],
  [/^(phone|mobile)$/, ({ random }) => `+49 30 ${1_000_000 + random.int(9_000_000)}`],
  [/^(time|timestamp|date|at|ts)$/, ({ timeMs }) => isoTime(timeMs)],
];

/** `orderId`, `order_id` and `ORDER-ID` end in "id"; two words are also tried as one ("firstName"). */
function lastWords(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return [words.slice(-2).join(''), words.at(-1) ?? ''];
}

/** Draws texts for a field of this name; words of free text where the name tells nothing. */
export function namedText(name: string): (at: DrawAt) => string {
  const words = lastWords(name);
  const known = words.flatMap((word) => TEXTS.filter(([last]) => last.test(word)))[0];
  return known?.[1] ?? (({ random }) => text(4 + random.int(10 + random.int(90)), random));
}

/** Draws whole numbers of [min, max] for a field of this name: times, ids that return, and small counts. */
export function namedInteger(name: string, min: number, max: number): (at: DrawAt) => number {
  const words = lastWords(name);
  const within = (value: number): number => Math.min(max, Math.max(min, value));
  if (words.some((word) => /^(time|timestamp|at|ts|millis)$/.test(word)) && max >= 2 ** 41) {
    return ({ timeMs }) => within(timeMs);
  }
  if (words.some((word) => /^(id|key|number|no)$/.test(word))) {
    return ({ random }) => within(100_000 + drawRank(entityRank, random));
  }
  const from = Math.min(max, Math.max(min, 0));
  const range = Math.min(max - from, 10_000) + 1;
  return ({ random }) => from + random.int(1 + random.int(Math.ceil(range)));
}

/** A price, a reading: two decimals. */
export const decimalNumber = ({ random }: DrawAt): number => random.int(1 + random.int(100_000)) / 100;

/** The same, as 32 bits hold it. */
export const singleNumber = (at: DrawAt): number => Math.fround(decimalNumber(at));

export const randomBytes = (length: number, random: Random): Buffer =>
  Buffer.from(Array.from({ length }, () => random.int(256)));
