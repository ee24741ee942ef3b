import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { KsweepError } from '../errors.ts';

export type Path = readonly (string | number)[];

/** A YAML file that remembers where each of its values stands. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** "file:line:column" of a key or value, or of the nearest thing around it that is there. */
  locate(path: Path, at?: 'key' | 'value'): string;
}

/** Where the first alias without an anchor stands; else, with aliases of aliases, the first alias. */
function badAlias(document: Document.Parsed): number {
  const offsets: { readonly at: number; readonly resolved: boolean }[] = [];
  visit(document, {
    Alias(_key, alias) {
      offsets.push({ at: alias.range?.[0] ?? 0, resolved: alias.resolve(document) !== undefined });
    },
  });
  return (offsets.find(({ resolved }) => !resolved) ?? offsets[0])?.at ?? 0;
}

/** Throws workload-invalid with line and column where the text is no YAML, or names a key twice. */
export function parseYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const details = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${file}:${line}:${col}: ${error.message}`;
    });
    throw new KsweepError('workload-invalid', `${file} is no valid YAML`, { details });
  }
  const position = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    // An alias without its anchor, or aliases of aliases that would fill the memory.
    throw new KsweepError('workload-invalid', `${file} is no valid YAML`, {
      details: [`${position(badAlias(document))}: ${(error as Error).message}`],
    });
  }
  return {
    file,
    value,
    locate(path, at = 'value') {
      let node: unknown = document.contents;
      let offset = 0;
      for (const [depth, step] of path.entries()) {
        const last = depth === path.length - 1;
        if (isMap(node)) {
          const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
          if (pair === undefined) break;
          offset = (pair.key as Node).range?.[0] ?? offset;
          node = pair.value;
          if (last && at === 'key') break;
        } else if (isSeq(node)) node = node.items[Number(step)];
        else break;
        offset = (node as Node | null)?.range?.[0] ?? offset;
      }
      return position(offset);
    },
  };
}
