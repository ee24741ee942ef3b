/** What a table holds under a name that somebody wrote: `toString` and `constructor` are in every object, and in no table. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
