/** commander's parser of an option that may be given several times. */
export const collect = (value: string, previous: string[]): string[] => [...previous, value];
