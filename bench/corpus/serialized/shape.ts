import type { Random } from '../../common/random.ts';

/** What a value is drawn from. */
export interface DrawAt {
  readonly random: Random;
  /** The record's time, which increases from record to record. */
  readonly timeMs: number;
}

/** What a schema of any language allows, as far as drawing values of it goes. Records may hold themselves. */
export type Shape =
  | { readonly kind: 'leaf'; readonly draw: (at: DrawAt) => unknown }
  | { readonly kind: 'record'; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly item: Shape; readonly min: number; readonly max: number }
  | { readonly kind: 'map'; readonly key: (at: DrawAt) => string; readonly value: Shape }
  | { readonly kind: 'choice'; readonly branches: readonly Branch[] };

export interface Field {
  /** Null where the value is an object whose entries are the record's own. */
  readonly name: string | null;
  readonly shape: Shape;
  /** May be left out. */
  readonly optional: boolean;
}

interface Branch {
  readonly shape: Shape;
  /** Where the value of a branch stands as the one entry of an object: its name. */
  readonly wrap: string | null;
  readonly weight: number;
}

export const leaf = (draw: (at: DrawAt) => unknown): Shape => ({ kind: 'leaf', draw });

/** Where one value has taken this many parts, what may be left out is left out. */
const LARGEST_PARTS = 400;
const DEEPEST = 12;
const OPTIONAL_SHARE = 0.8;

function partsOf(shape: Shape): readonly Shape[] {
  switch (shape.kind) {
    case 'leaf':
      return [];
    case 'record':
      return shape.fields.map((field) => field.shape);
    case 'list':
      return [shape.item];
    case 'map':
      return [shape.value];
    case 'choice':
      return shape.branches.map((branch) => branch.shape);
  }
}

function reachable(root: Shape): Set<Shape> {
  const found = new Set([root]);
  for (const shape of found) for (const part of partsOf(shape)) found.add(part);
  return found;
}

/** How deep the shallowest value of each shape is, to a fixed point; infinite where there is no finite value. */
function leastDepths(root: Shape): ReadonlyMap<Shape, number> {
  const all = [...reachable(root)].reverse();
  const depths = new Map<Shape, number>(all.map((shape) => [shape, Number.POSITIVE_INFINITY]));
  const of = (shape: Shape): number => depths.get(shape) ?? Number.POSITIVE_INFINITY;
  const least = (shape: Shape): number => {
    switch (shape.kind) {
      case 'leaf':
      case 'map':
        return 0;
      case 'list':
        return shape.min === 0 ? 0 : 1 + of(shape.item);
      case 'record':
        return 1 + Math.max(0, ...shape.fields.filter((one) => !one.optional).map((one) => of(one.shape)));
      case 'choice':
        return 1 + Math.min(...shape.branches.map((branch) => of(branch.shape)));
    }
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const shape of all) {
      const depth = least(shape);
      if (depth < of(shape)) {
        depths.set(shape, depth);
        changed = true;
      }
    }
  }
  return depths;
}

/**
 * Draws values of a shape: a function of the random numbers it is given and nothing else. Null where the shape has no
 * finite value, such as a record that always holds another one of itself.
 */
export function drawer(root: Shape): ((at: DrawAt) => unknown) | null {
  const depths = leastDepths(root);
  const depthOf = (shape: Shape): number => depths.get(shape) ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(depthOf(root))) return null;

  const branchOf = (branches: readonly Branch[], small: boolean, { random }: DrawAt): Branch | undefined => {
    const finite = branches.filter((branch) => Number.isFinite(depthOf(branch.shape)));
    if (small) return finite.reduce((a, b) => (depthOf(b.shape) < depthOf(a.shape) ? b : a));
    let left = random.next() * finite.reduce((sum, branch) => sum + branch.weight, 0);
    return finite.find((branch) => {
      left -= branch.weight;
      return left < 0;
    });
  };

  return (at) => {
    const { random } = at;
    let parts = 0;
    const draw = (shape: Shape, depth: number): unknown => {
      parts++;
      const small = depth > DEEPEST || parts > LARGEST_PARTS;
      const isDrawn = (part: Shape): boolean => Number.isFinite(depthOf(part)) && !small;
      switch (shape.kind) {
        case 'leaf':
          return shape.draw(at);
        case 'record': {
          const entries = shape.fields.flatMap((field): [string, unknown][] => {
            const left = field.optional && !(isDrawn(field.shape) && random.next() < OPTIONAL_SHARE);
            if (left) return [];
            const value = draw(field.shape, depth + 1);
            return field.name === null ? Object.entries(value as object) : [[field.name, value]];
          });
          return Object.fromEntries(entries);
        }
        case 'list': {
          const more = isDrawn(shape.item) ? random.int(shape.max - shape.min + 1) : 0;
          return Array.from({ length: shape.min + more }, () => draw(shape.item, depth + 1));
        }
        case 'map': {
          const count = isDrawn(shape.value) ? random.int(5) : 0;
          const entries = Array.from({ length: count }, () => [shape.key(at), draw(shape.value, depth + 1)]);
          return Object.fromEntries(entries);
        }
        case 'choice': {
          const branch = branchOf(shape.branches, small, at) ?? shape.branches[0];
          if (branch === undefined) return undefined;
          const value = draw(branch.shape, depth + 1);
          return branch.wrap === null ? value : { [branch.wrap]: value };
        }
      }
    };
    return draw(root, 0);
  };
}
