import type { Scalar } from '../../common/scalar.ts';
import type { Check } from './property.ts';
import { PROPERTIES } from './table.ts';

/** Text as the kind of value that a check wants; the text itself where it is none. */
function as(check: Check, text: string): Scalar {
  const number = /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (check.kind === 'integer') return number ?? text;
  if (check.kind === 'boolean') {
    const lower = text.toLowerCase();
    return lower === 'true' || lower === 'false' ? lower === 'true' : text;
  }
  if (check.kind === 'one of') return check.values.find((value) => String(value) === text) ?? text;
  return text;
}

/** The value of a setting by its Kafka name, from the text that properties files and Kafka's tools hold. */
export function settingFromText(role: 'producer' | 'consumer', key: string, text: string): Scalar {
  const property = PROPERTIES.find((one) => one.kafka === key && (one.role === role || one.role === 'both'));
  if (property !== undefined) return as(property.check, text);
  // By librdkafka's own name, which is passed on as it is.
  if (/^-?\d+$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}
