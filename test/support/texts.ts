/** A comment, or a literal in one of the three quotes; a template counts whole, what it holds in braces included. */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;

/** The texts in a source: what stands in quotes outside comments. */
export function textsOf(source: string): string[] {
  return [...source.matchAll(TOKEN)].flatMap(
    ([, single, double, template]) => single ?? double ?? template ?? [],
  );
}
