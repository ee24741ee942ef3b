import type { z } from 'zod';
import { nearest } from '../nearest.ts';
import { isSecretName, REDACTED, redact } from '../redact.ts';
import type { Path } from './yaml-source.ts';

/** One thing that is wrong with a file, where it stands and in words. */
export interface Problem {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly message: string;
}

/** Of a value. */
export const wrongValue = (path: Path, message: string): Problem => ({ path, at: 'value', message });

type Issue = z.core.$ZodIssue;

const show = (value: unknown): string => {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** Of a union's branches the one that the user most likely meant: the one that got furthest. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));
  const custom = (issues: readonly Issue[]): boolean => issues.every(({ code }) => code === 'custom');
  const score = (issues: readonly Issue[]): number =>
    depth(issues) * 10 + (custom(issues) ? 1 : 0) - issues.length;
  return branches.reduce((best, branch) => (score(branch) > score(best) ? branch : best));
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, step) ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return value;
}

/** What no schema takes, in words that say more than the kinds it would take. */
function unusableAs(value: unknown): string | null {
  if (value === null) return 'is empty: give it a value, or leave it out';
  if (typeof value !== 'number' || Number.isFinite(value)) return null;
  return `expected a finite number, got ${value}`;
}

/**
 * What zod found, with every unknown key named and its nearest valid spelling.
 *
 * @param keysAt the keys that are valid at a path, for suggestions
 */
export function problemsOf(
  issues: readonly Issue[],
  root: unknown,
  keysAt: (path: Path) => readonly string[],
  base: Path = [],
): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const path = [...base, ...issue.path] as Path;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const guess = nearest(key, keysAt(path));
        const known = keysAt(path);
        const hint =
          guess !== undefined
            ? `; did you mean ${guess}?`
            : known.length > 0
              ? `; known: ${known.join(', ')}`
              : '';
        return { path: [...path, key], at: 'key', message: `unknown key "${key}"${hint}` };
      });
    }
    const unusable = unusableAs(at(root, path));
    if (unusable !== null) return [{ path, at: 'value', message: unusable }];
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      return problemsOf(bestBranch(issue.errors), root, keysAt, path);
    }
    const got = at(root, path);
    const message =
      got === undefined && issue.code === 'invalid_type'
        ? 'is required'
        : `${issue.message}, got ${path.some((step) => isSecretName(String(step))) ? REDACTED : show(redact(got))}`;
    return [{ path, at: 'value', message }];
  });
}
