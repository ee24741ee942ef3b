import type { z } from 'zod';
import { KsweepError } from '../../../bench/common/errors.ts';
import { readText } from '../../../bench/common/read-text.ts';
import { type Problem, problemsOf } from '../../../bench/common/yaml/issues.ts';
import { keysIn } from '../../../bench/common/yaml/keys.ts';
import { type Path, parseYaml, type YamlSource } from '../../../bench/common/yaml/yaml-source.ts';

/** A demand file as read: its answers, and where each of them stands. */
export interface InputFile {
  readonly values: Readonly<Record<string, unknown>>;
  readonly source: YamlSource;
}

/** Reads a YAML (or JSON) mapping. Throws KsweepError('sizing-input') with file, line and column. */
export function readInputFile(file: string): InputFile {
  let source: YamlSource;
  try {
    source = parseYaml(file, readText(file));
  } catch (error) {
    if (error instanceof KsweepError) {
      throw new KsweepError('sizing-input', error.message, { details: error.details, cause: error });
    }
    throw new KsweepError('sizing-input', `${file}: ${(error as Error).message}`, {
      hint: 'name a YAML file with the demand',
      cause: error,
    });
  }
  const { value } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KsweepError('sizing-input', `${file}: expected answers by name, such as "average: 50MB/s"`);
  }
  return { values: value as Record<string, unknown>, source };
}

/** Answers of the command line laid over those of the file. */
export function mergeInputs(
  file: InputFile | undefined,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...file?.values, ...given };
}

const describePath = (path: Path) =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${key}`)).join('');

const valueAt = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], values);

/** Of a figure or a list, what that half says which was meant: both at once say nothing that helps. */
function saidByOneHalf(values: unknown, issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const isList = Array.isArray(valueAt(values, issue.path));
  const half = issue.errors.find((branch) =>
    isList
      ? branch.some((one) => one.path.length > 0)
      : branch.every((one) => one.code === 'custom' && one.path.length === 0),
  );
  if (half === undefined) return [issue];
  return half.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

/**
 * Checks answers against their schema. `optionNames` are the keys that came from the command line: a problem with one
 * of them names the question, a problem with the others the file, line and column as well.
 * Throws KsweepError('sizing-input'), one detail a problem.
 */
export function checkInput<S extends z.ZodType>(
  schema: S,
  values: Record<string, unknown>,
  origin: { file?: InputFile | undefined; optionNames?: ReadonlySet<string> } = {},
): z.output<S> {
  const checked = schema.safeParse(values);
  if (checked.success) return checked.data;
  const problems = checked.error.issues
    .flatMap((issue) => saidByOneHalf(values, issue))
    .flatMap((issue): Problem[] =>
      // The readers of quantities say themselves what they were given.
      issue.code === 'custom'
        ? [{ path: issue.path as Path, at: 'value', message: issue.message }]
        : problemsOf([issue], values, (path) => keysIn(schema, path)),
    );
  const details = problems.map(({ path, at, message }) => {
    const fromFile = origin.file !== undefined && origin.optionNames?.has(String(path[0])) !== true;
    const where = fromFile ? `${origin.file?.source.locate(path, at)}: ` : '';
    return `${where}${describePath(path) || 'demand'}: ${message}`;
  });
  throw new KsweepError('sizing-input', 'the demand cannot be sized as written', { details });
}
