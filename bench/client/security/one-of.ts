import { nearest } from '../../common/nearest.ts';
import { type Properties, refuse } from './properties-file.ts';

/** The value in the spelling of the list; undefined where the property is not set. */
export function oneOf(properties: Properties, key: string, allowed: readonly string[]): string | undefined {
  const property = properties.get(key);
  if (property === undefined) return undefined;
  const value = property.value.toUpperCase();
  if (allowed.includes(value)) return value;
  const meant = nearest(value, allowed);
  return refuse(
    property.where,
    `${key}=${property.value}: expected one of ${allowed.join(', ')}`,
    meant && `did you mean ${meant}?`,
  );
}
