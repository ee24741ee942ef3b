import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { rememberSecrets } from '../common/redact.ts';
import { formatDuration } from '../common/terminal.ts';
import { type Problem, problemsOf } from '../common/yaml/issues.ts';
import { parseYaml, type YamlSource } from '../common/yaml/yaml-source.ts';
import { buildCells } from './cells.ts';
import { MAX_FACTORS, screenDesign } from './design/screen.ts';
import { ASSUMED_OVERHEAD_MS, estimateMs } from './dry-run.ts';
import { keysAt } from './keys.ts';
import { isOfSchema } from './payload-schema.ts';
import { type Plan, planCells } from './plan.ts';
import { questionOf } from './question.ts';
import { readYamlFile } from './read-yaml-file.ts';
import { type Workload, workloadSchema } from './schema.ts';
import { withoutSetAxes } from './set-axes.ts';
import { resolveSetting, type SettingPath, withSetting } from './settings.ts';
import { thresholdProblems } from './threshold-problems.ts';

export interface LoadedWorkload {
  readonly file: string;
  readonly workload: Workload;
  readonly plan: Plan;
  /** Axes that --set took out of the sweep. */
  readonly dropped: readonly string[];
  readonly source: {
    readonly file: string;
    readonly sha256: string;
    readonly set: readonly string[];
    readonly baseDir: string;
    /** What the workload asks, by its first comment. */
    readonly question: string | null;
  };
}

/** Reads and checks a workload file, with every problem found at once. Throws workload-invalid or workload-missing. */
export function loadWorkload(
  file: string,
  options: { readonly set?: readonly string[] } = {},
): LoadedWorkload {
  const { text, yaml } = readYamlFile(file);
  const overrides = (options.set ?? []).map(parseOverride);
  const { input, dropped } = withoutSetAxes(
    withOverrides(asMap(yaml), overrides),
    overrides.map(({ path }) => path),
  );
  rememberSecrets(input);
  const located = (problem: Problem): string =>
    `${locate(yaml, overrides, problem)}: ${where(problem)}${problem.message}`;
  const baseDir = dirname(resolve(file));
  const { workload, plan } = resolveWorkload(input, baseDir, (problems) => {
    throw new KsweepError(
      'workload-invalid',
      `${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`,
      {
        details: problems.map(located),
      },
    );
  });
  const sha256 = createHash('sha256').update(JSON.stringify(workload)).digest('hex');
  return {
    file,
    workload,
    plan,
    dropped,
    source: {
      file: resolve(file),
      sha256,
      set: [...(options.set ?? [])],
      baseDir,
      question: questionOf(text),
    },
  };
}

/** A workload and its plan from raw input. `refuse` gets every problem, and has to throw. */
export function resolveWorkload(
  input: Record<string, unknown>,
  baseDir: string,
  refuse: (problems: readonly Problem[]) => never,
): { readonly workload: Workload; readonly plan: Plan } {
  const parsed = workloadSchema.safeParse(input);
  if (!parsed.success) return refuse(problemsOf(parsed.error.issues, input, keysAt));
  const workload = parsed.data;
  const { cells, excluded, problems, design } = buildCells(input, workload);
  const plan = {
    ...planCells(cells, excluded, workload.repeats, workload.seed),
    ...(design === null ? {} : { design }),
  };
  const all = [
    ...problems,
    ...thresholdProblems(workload, cells),
    ...fileProblems(workload, baseDir),
    ...designProblems(workload, plan),
  ];
  if (all.length > 0) return refuse(all);
  return { workload, plan };
}

function asMap(yaml: YamlSource): Record<string, unknown> {
  if (typeof yaml.value === 'object' && yaml.value !== null && !Array.isArray(yaml.value)) {
    return yaml.value as Record<string, unknown>;
  }
  throw new KsweepError('workload-invalid', `${yaml.file} holds no settings`, {
    details: [`${yaml.locate([])}: expected a map of settings`],
    hint: 'start it with `name: …`',
  });
}

/** One `--set key=value`, read. */
export interface Override {
  readonly text: string;
  readonly path: SettingPath;
  readonly value: unknown;
}

export function withOverrides(
  input: Record<string, unknown>,
  overrides: readonly Override[],
): Record<string, unknown> {
  return overrides.reduce((changed, { path, value }) => withSetting(changed, path, value), input);
}

/** Throws usage for a text that is no key=value, or names no setting. */
export function parseOverride(text: string): Override {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new KsweepError('usage', `--set ${text}: expected key=value`);
  const raw = text.slice(equals + 1);
  rememberSecrets({ [text.slice(0, equals)]: raw });
  const path = resolveSetting(text.slice(0, equals).trim());
  try {
    return { text, path, value: parseYaml('value', raw).value };
  } catch (error) {
    if (!(error instanceof KsweepError)) throw error;
    throw new KsweepError('usage', `--set ${text}: ${error.message}`, { details: error.details });
  }
}

function locate(yaml: YamlSource, overrides: readonly Override[], problem: Problem): string {
  const override = overrides.findLast(({ path }) =>
    path.every((step, i) => String(problem.path[i]) === step),
  );
  return override === undefined ? yaml.locate(problem.path, problem.at) : `--set ${override.text}`;
}

const where = ({ path }: Problem): string => (path.length === 0 ? '' : `${path.join('.')}: `);

function fileProblems(workload: Workload, baseDir: string): Problem[] {
  const { payload } = workload.records;
  const { rate } = workload.load;
  const named: [path: string[], file: string][] = [];
  if (payload.source === 'file' || payload.source === 'sample') {
    named.push([['records', 'payload', 'path'], payload.path]);
  }
  if (isOfSchema(payload) && payload.schema !== undefined) {
    named.push([['records', 'payload', 'schema'], payload.schema]);
  }
  if (rate !== 'max' && 'replay' in rate) named.push([['load', 'rate', 'replay', 'path'], rate.replay.path]);
  return named.flatMap(([path, file]): Problem[] =>
    existsSync(resolve(baseDir, file))
      ? []
      : [{ path, at: 'value', message: `there is no ${resolve(baseDir, file)}` }],
  );
}

/** Past this many a full factorial has to be asked for by name: it takes hours, and seldom tells more than a part of it. */
const LARGE_SWEEP_CELLS = 64;

/** What a large sweep would cost, and what would tell nearly as much. */
function designProblems({ sweep }: Workload, plan: Plan): Problem[] {
  if (sweep === undefined || sweep.design !== undefined || plan.cells.length <= LARGE_SWEEP_CELLS) return [];
  const axes = Object.values(sweep.axes);
  const time = (cells: number): string =>
    formatDuration((estimateMs(plan, ASSUMED_OVERHEAD_MS) / plan.cells.length) * cells);
  const spread = Math.min(plan.cells.length, 10 * axes.length);
  const screens = axes.length <= MAX_FACTORS ? screenDesign(axes.length).runs.length : null;
  const parts = [
    `${plan.cells.length} cells take about ${time(plan.cells.length)}`,
    ...(screens === null
      ? []
      : [`design: {screen: {}} finds the settings that matter with ${screens} cells, ${time(screens)}`]),
    `design: {latin-hypercube: {cells: ${spread}}} spreads ${spread} over the whole space, ${time(spread)}`,
    'design: full runs them all',
  ];
  return [{ path: ['sweep', 'axes'], at: 'key', message: parts.join('; ') }];
}
