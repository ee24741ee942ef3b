export const OWN = 'your answer';
export const DEFAULT = 'default';

/** "your answer" or the default that stands in for it. */
export type Origin = (key: string, defaultText: string) => string;

export function originOf(given: ReadonlySet<string>): Origin {
  return (key, defaultText) => (given.has(key) ? OWN : `${DEFAULT}: ${defaultText}`);
}
