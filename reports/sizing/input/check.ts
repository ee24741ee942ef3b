import { readFileSync } from 'node:fs';
import { isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { KsweepError } from '../../../bench/errors.ts';
import { nearest } from '../../../bench/nearest.ts';

/** An input file as read: its values, and where each of them stands. */
export interface InputFile {
  readonly name: string;
  readonly values: Record<string, unknown>;
  /** "demand.yaml:3:5" of the value at that path, or of the nearest value above it. */
  readonly positionOf: (path: readonly PropertyKey[]) => string;
}

/** Reads a YAML (or JSON) mapping. Throws KsweepError('sizing-input') with file, line and column. */
export function readInputFile(file: string): InputFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new KsweepError(
      'sizing-input',
      `${file}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`,
      {
        hint: 'name a YAML file with the demand',
        cause: error,
      },
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const at = lines.linePos(problem.pos[0]);
    throw new KsweepError('sizing-input', `${file}:${at.line}:${at.col}: ${problem.message.split('\n')[0]}`);
  }
  if (!isMap(document.contents)) {
    throw new KsweepError('sizing-input', `${file}: expected a mapping such as "average: 50MB/s"`);
  }
  const positionOf = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range === undefined) continue;
      const at = lines.linePos(range[0]);
      return `${file}:${at.line}:${at.col}`;
    }
    return file;
  };
  return { name: file, values: document.toJS() as Record<string, unknown>, positionOf };
}

/** Values of the command line laid over those of the file. */
export function mergeInputs(
  file: InputFile | undefined,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...file?.values, ...given };
}

/** Property names of the object a path leads to, to suggest the key that was meant. */
function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let current = schema as unknown as { def: Record<string, unknown> };
  const unwrap = () => {
    for (;;) {
      const inner = current.def['innerType'] ?? current.def['in'];
      if (inner === undefined) return;
      current = inner as typeof current;
    }
  };
  for (const key of path) {
    unwrap();
    const options = current.def['options'] as (typeof current)[] | undefined;
    if (options !== undefined)
      current = options.find((one) => 'element' in one.def || 'shape' in one.def) ?? current;
    const next =
      typeof key === 'number'
        ? current.def['element']
        : (current.def['shape'] as Record<string, unknown> | undefined)?.[String(key)];
    if (next === undefined) return [];
    current = next as typeof current;
  }
  unwrap();
  return Object.keys((current.def['shape'] as object | undefined) ?? {});
}

function describePath(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/**
 * Checks a demand against its schema. `optionNames` are the keys that came from the command line: an error about
 * one of them names the option, an error about the others the file, line and column.
 * Throws KsweepError('sizing-input'), one detail a problem.
 */
export function checkInput<S extends z.ZodType>(
  schema: S,
  values: Record<string, unknown>,
  origin: { file?: InputFile | undefined; optionNames?: ReadonlySet<string> } = {},
): z.output<S> {
  const checked = schema.safeParse(values);
  if (checked.success) return checked.data;
  const details = checked.error.issues.flatMap((issue) => {
    const top = String(issue.path[0] ?? '');
    const where =
      origin.file === undefined || origin.optionNames?.has(top) === true
        ? ''
        : `${origin.file.positionOf(issue.path)}: `;
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => {
        const near = nearest(key, known);
        const meant = near === undefined ? '' : `; did you mean ${near}?`;
        const at = origin.file === undefined ? '' : `${origin.file.positionOf([...issue.path, key])}: `;
        return `${at}${describePath([...issue.path, key])}: unknown key${meant}`;
      });
    }
    return [`${where}${describePath(issue.path) || 'input'}: ${issue.message}`];
  });
  throw new KsweepError('sizing-input', 'the demand cannot be sized as written', { details });
}
