import {
  Alias,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { type Mutation, TEXT_KINDS } from './mutations.ts';

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];

/** A value as YAML reads it; a plain text where it cannot. */
function readValue(text: string): Node {
  const { contents, errors } = parseDocument(text);
  return errors.length === 0 && isNode(contents) && !text.includes('*') ? contents : new Scalar(text);
}

const copyOf = (value: unknown): unknown => (isNode(value) ? value.clone() : value);

interface Place {
  readonly pair: Pair<unknown, unknown>;
  readonly map: YAMLMap;
  readonly ancestors: readonly Node[];
}

function placesOf(document: Document): Place[] {
  const places: Place[] = [];
  visit(document, {
    Pair(_key, pair, path) {
      const nodes = path.filter((one): one is Node => isNode(one));
      const map = nodes.at(-1);
      if (isMap(map)) places.push({ pair: pair as Pair, map, ancestors: nodes });
    },
  });
  return places;
}

function changeTree(document: Document, { kind, at, to, value }: Mutation): void {
  const places = placesOf(document);
  const place = pick(places, at);
  const other = pick(places, to);
  if (place === undefined || other === undefined) return;
  const { pair, map, ancestors } = place;
  switch (kind) {
    case 'set-value':
      pair.value = readValue(value);
      return;
    case 'empty-value':
      pair.value = null;
      return;
    case 'rename-key':
      pair.key = to % 3 === 0 ? other.pair.key : new Scalar(value);
      return;
    case 'delete-pair':
      map.items.splice(map.items.indexOf(pair as Pair<Node, Node>), 1);
      return;
    case 'repeat-pair':
      map.items.push(pair.clone() as Pair<Node, Node>);
      return;
    case 'swap-values':
      // Copies: a value put into itself would have no end here, rather than in what is tested.
      [pair.value, other.pair.value] = [copyOf(other.pair.value), copyOf(pair.value)];
      return;
    case 'add-pair':
      map.items.push(document.createPair(value, readValue(String(to))) as Pair<Node, Node>);
      return;
    case 'wrap-in-list': {
      const list = new YAMLSeq();
      list.items.push(pair.value);
      pair.value = list;
      return;
    }
    case 'nest-deeply': {
      let inner: unknown = pair.value;
      for (let depth = 0; depth < to % 300; depth++) {
        const outer = depth % 2 === 0 ? new YAMLSeq() : new YAMLMap();
        if (isSeq(outer)) outer.items.push(inner);
        else outer.set('a', inner);
        inner = outer;
      }
      pair.value = inner;
      return;
    }
    case 'alias-ancestor':
    case 'alias-other': {
      const target = kind === 'alias-ancestor' ? pick(ancestors, to) : other.pair.value;
      if (!isNode(target) || target instanceof Alias) return;
      target.anchor ??= `a${at}`;
      pair.value = new Alias(target.anchor);
      return;
    }
    case 'scale-number':
      if (isScalar(pair.value) && typeof pair.value.value === 'number') {
        pair.value = new Scalar(pair.value.value * (pick([0, -1, 0.001, 1e3, 1e9, 1e300], to) ?? 1));
      }
      return;
    default:
      return;
  }
}

function changeText(text: string, { kind, at, to, value }: Mutation): string {
  const lines = text.split('\n');
  const line = at % lines.length;
  const char = at % Math.max(1, text.length);
  switch (kind) {
    case 'delete-char':
      return text.slice(0, char) + text.slice(char + 1 + (to % 3));
    case 'insert-text':
      return text.slice(0, char) + value + text.slice(char);
    case 'repeat-line':
      return lines.toSpliced(line, 0, ...Array<string>(1 + (to % 50)).fill(lines[line] ?? '')).join('\n');
    case 'delete-line':
      return lines.toSpliced(line, 1).join('\n');
    case 'indent-line':
      return lines.with(line, `${to % 2 === 0 ? '  ' : '\t'}${lines[line]}`).join('\n');
    case 'cut-off':
      return text.slice(0, char);
    case 'carriage-returns':
      return lines.join(to % 2 === 0 ? '\r\n' : '\r');
    case 'mark':
      return `${['\ufeff', '\0', '\ufffe', '%YAML 1.1\n---\n', '---\n---\n'][to % 5]}${text}`;
    case 'swap-lines':
      return lines
        .with(line, lines[to % lines.length] ?? '')
        .with(to % lines.length, lines[line] ?? '')
        .join('\n');
    default:
      return text;
  }
}

const isOfText = (mutation: Mutation): boolean => (TEXT_KINDS as readonly string[]).includes(mutation.kind);

/** A text with its changes made one after the other; those of the tree only where it is YAML. */
export function mutated(text: string, mutations: readonly Mutation[]): string {
  let changed = text;
  const tree = mutations.filter((mutation) => !isOfText(mutation));
  if (tree.length > 0) {
    const document = parseDocument(text);
    for (const mutation of tree) changeTree(document, mutation);
    changed = textOf(document, changed);
  }
  return mutations.filter(isOfText).reduce(changeText, changed);
}

/** Some trees cannot be written, as an alias before its anchor: then the file stays as it was. */
function textOf(document: Document, before: string): string {
  try {
    return String(document);
  } catch {
    return before;
  }
}
