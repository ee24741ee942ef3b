import {
  type CST,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  visit,
} from 'yaml';
import { KsweepError } from '../errors.ts';

export type Path = readonly (string | number)[];

/** A YAML file that remembers where each of its values stands. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** "file:line:column" of a key or value, or of the nearest thing around it that is there. */
  locate(path: Path, at?: 'key' | 'value'): string;
}

/** Longer than any file that a person writes. */
const MAX_LENGTH = 2_000_000;
/** Deeper than any file that means something; the walks over its values go as deep as it does. */
const MAX_DEPTH = 64;
/** A key that JavaScript would take for the prototype of the map that holds it. */
const PROTOTYPE = '__proto__';

/** What is valid YAML and no tree of settings: a value within itself, and what would fill a stack; with its offset. */
function unusable(document: Document.Parsed): { readonly at: number; readonly message: string } | undefined {
  let found: { at: number; message: string } | undefined;
  const refuse = (node: Node, message: string): symbol => {
    found = { at: node.range?.[0] ?? 0, message };
    return visit.BREAK;
  };
  visit(document, {
    Alias(_key, alias, path) {
      const source = alias.resolve(document);
      if (source !== undefined && path.includes(source)) {
        return refuse(alias, `*${alias.source} stands within what it names: a value cannot hold itself`);
      }
      return undefined;
    },
    Pair(_key, { key }) {
      if (!isScalar(key))
        return isNode(key) ? refuse(key, 'expected a name for a key, not a list or a map') : undefined;
      return key.value === PROTOTYPE ? refuse(key, `no setting can be named ${PROTOTYPE}`) : undefined;
    },
  });
  return found;
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

/** Offset of the first value that lies too deep. Asked of the tokens: what makes values of them goes as deep as they do. */
function tooDeep(text: string, lines: LineCounter): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser(lines.addNewLine).parse(text)) open.push({ token, depth: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key) open.push({ token: key, depth: depth + 1 });
        if (value) open.push({ token: value, depth: depth + 1 });
      }
    } else if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
  }
  return undefined;
}

/** Throws workload-invalid with line and column where the text is no YAML, names a key twice, or is no tree. */
export function parseYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const position = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const refuse = (offset: number, message: string): never => {
    throw new KsweepError('workload-invalid', `${file} holds what cannot be read as settings`, {
      details: [`${position(offset)}: ${message}`],
    });
  };
  if (text.length > MAX_LENGTH) {
    lines.addNewLine(0);
    refuse(0, `${text.length} characters; expected at most ${MAX_LENGTH}`);
  }
  const deep = tooDeep(text, lines);
  if (deep !== undefined) refuse(deep, `nested deeper than ${MAX_DEPTH} levels`);
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const details = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${file}:${line}:${col}: ${error.message}`;
    });
    throw new KsweepError('workload-invalid', `${file} is not valid YAML`, { details });
  }
  const bad = unusable(document);
  if (bad !== undefined) refuse(bad.at, bad.message);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    // An alias without its anchor, or aliases of aliases that would fill the memory.
    throw new KsweepError('workload-invalid', `${file} is not valid YAML`, {
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
