import type { Random } from '../common/random.ts';
import { text } from './words.ts';
import { drawRank, zipfCumulative } from './zipf.ts';

/**
 * Events as a shop and its devices send them, of an exact length. Fields depend on each other as in real data
 * (a customer keeps country, currency and channel; a product keeps its price), ids are random, times increase,
 * and the free text follows Zipf's law, so that codecs gain about what they gain on real JSON.
 */
const CUSTOMERS = 5_000;
const PRODUCTS = 2_000;
const DEVICES = 3_000;

const MARKETS = [
  ['DE', 'EUR', 'Europe/Berlin', 'de-DE'],
  ['US', 'USD', 'America/New_York', 'en-US'],
  ['GB', 'GBP', 'Europe/London', 'en-GB'],
  ['FR', 'EUR', 'Europe/Paris', 'fr-FR'],
  ['JP', 'JPY', 'Asia/Tokyo', 'ja-JP'],
  ['BR', 'BRL', 'America/Sao_Paulo', 'pt-BR'],
  ['IN', 'INR', 'Asia/Kolkata', 'en-IN'],
  ['AU', 'AUD', 'Australia/Sydney', 'en-AU'],
] as const;
const CATEGORIES = ['garden', 'kitchen', 'audio', 'toys', 'shoes', 'books', 'lighting', 'sports', 'tools'];
const CHANNELS = ['web', 'ios', 'android', 'store'];
const STATUSES = ['created', 'paid', 'packed', 'shipped', 'delivered', 'returned'];
const MODELS = ['SN-200', 'SN-200X', 'SN-310', 'GW-7'];
const METRICS = ['temperature', 'humidity', 'pressure', 'vibration', 'voltage', 'flow'];

const customerRank = zipfCumulative(CUSTOMERS, 0.8);
const productRank = zipfCumulative(PRODUCTS, 0.9);

/** A property of entity `id` that never changes: multiplicative hashing into 0 … limit − 1. */
const trait = (id: number, salt: number, limit: number): number =>
  (Math.imul(id + 1, 0x9e3779b1 ^ Math.imul(salt, 0x85ebca6b)) >>> 8) % limit;

const hex = (random: Random): string => random.uint32().toString(16).padStart(8, '0');

/** A sensor's reading; with the device's own data where there is room for them. */
function reading(random: Random, timeMs: number, room: number): string {
  const device = random.int(DEVICES);
  const metric = METRICS[trait(device, 1, METRICS.length)];
  const value = (10 + trait(device, 2, 80) + random.next() * 4).toFixed(2);
  const short = `{"ts":${timeMs},"dev":"d-${String(device).padStart(5, '0')}","seq":${random.int(1_000_000)},"${metric}":${value},"ok":${random.int(50) > 0}`;
  if (room < 170) return short;
  const site = `plant-${String(trait(device, 8, 40)).padStart(2, '0')}`;
  const long =
    `${short},"site":"${site}","model":"${MODELS[trait(device, 9, MODELS.length)]}",` +
    `"firmware":"2.${trait(device, 10, 5)}.${trait(device, 11, 12)}","rssi":${-50 - random.int(40)}`;
  if (room < 260) return long;
  const latitude = 47 + trait(device, 12, 8_000) / 1000;
  const longitude = 6 + trait(device, 13, 9_000) / 1000;
  return (
    `${long},"location":{"lat":${latitude.toFixed(3)},"lon":${longitude.toFixed(3)}},"battery":${trait(device, 14, 60) + random.int(5)},` +
    `"state":"${random.int(20) > 0 ? 'normal' : 'maintenance'}"`
  );
}

function orderLine(random: Random): string {
  const product = drawRank(productRank, random);
  const category = CATEGORIES[trait(product, 3, CATEGORIES.length)];
  const price = (trait(product, 4, 19_900) + 100) / 100;
  return `{"sku":"SKU-${String(product).padStart(6, '0')}","category":"${category}","quantity":${1 + random.int(random.int(4) + 1)},"unitPrice":${price.toFixed(2)},"warehouse":"WH-${trait(product, 5, 24)}"}`;
}

function order(random: Random, timeMs: number, sizeBytes: number): string {
  const customer = drawRank(customerRank, random);
  const [country, currency, zone, locale] = MARKETS[trait(customer, 6, MARKETS.length)] ?? MARKETS[0];
  const channel = CHANNELS[trait(customer, 7, CHANNELS.length)];
  let event =
    `{"eventId":"${hex(random)}${hex(random)}","type":"order.${STATUSES[random.int(STATUSES.length)]}",` +
    `"time":"${new Date(timeMs).toISOString()}","customer":{"id":${100_000 + customer},"country":"${country}",` +
    `"locale":"${locale}","timeZone":"${zone}","channel":"${channel}"},"currency":"${currency}","items":[`;
  // About two thirds structure, one third free text.
  let line = orderLine(random);
  let lines = '';
  while (event.length + lines.length + line.length < sizeBytes * 0.66) {
    lines += lines === '' ? line : `,${line}`;
    line = orderLine(random);
  }
  event += lines;
  return `${event}],"session":"${hex(random)}"`;
}

const CLOSING = '"}';
const NOTE = ',"note":"';

/** One event of exactly `sizeBytes` (ASCII); where that is too little for fields, a JSON string or, under 3, digits. */
export function jsonEvent(sizeBytes: number, timeMs: number, random: Random): string {
  const room = sizeBytes - NOTE.length - CLOSING.length;
  if (room > 350) {
    const event = order(random, timeMs, sizeBytes);
    if (event.length <= room) return event + NOTE + text(room - event.length, random) + CLOSING;
  }
  const event = room >= 60 ? reading(random, timeMs, room) : undefined;
  if (event !== undefined && event.length <= room) {
    return event + NOTE + text(room - event.length, random) + CLOSING;
  }
  return sizeBytes > 2 ? `"${text(sizeBytes - 2, random)}"` : '1'.repeat(sizeBytes);
}
