import { CODEC_LEVELS } from '../client/properties/producer.ts';
import { propertyConflicts, propertyProblems } from '../client/properties/translate.ts';
import { own } from '../common/own.ts';
import type { Scalar } from '../common/scalar.ts';
import { type Problem, problemsOf } from '../common/yaml/issues.ts';
import type { DesignRecord } from '../results/design.ts';
import type { CellSettings } from '../results/planned.ts';
import { type Axis, type AxisValue, excludeProblems, matches, settingOf } from './axes.ts';
import { chooseRows } from './design/choose.ts';
import { keysAt } from './keys.ts';
import type { Cell, CellWorkload, Plan } from './plan.ts';
import { type Workload, workloadSchema } from './schema.ts';
import { semanticProblems } from './semantics.ts';
import { resolveSetting, type SettingPath, withSetting } from './settings.ts';

type Excluded = Plan['excluded'][number];

export interface CellsOrProblems {
  readonly cells: readonly Cell[];
  readonly excluded: readonly Excluded[];
  readonly problems: readonly Problem[];
  readonly design: DesignRecord | null;
}

/** A combination: one value's index on each axis. */
type Combination = readonly number[];

function combinations(axes: readonly Axis[]): Combination[] {
  return axes.reduce<Combination[]>(
    (all, axis) => all.flatMap((picked) => axis.values.map((_, index) => [...picked, index])),
    [[]],
  );
}

/**
 * The settings that one axis value stands for, by path. A map sets several at once where its keys are names of
 * settings; where the axis itself names a setting that takes a map (a size distribution), it is that map.
 */
function assignments(axis: Axis, value: AxisValue): [SettingPath, unknown][] {
  if (typeof value !== 'object') return [[resolveSetting(axis.name), value]];
  const own = tryResolve(axis.name);
  if (own !== undefined && own[0] !== 'producer' && own[0] !== 'consumer') return [[own, value]];
  return Object.entries(value).map(([name, one]) => [resolveSetting(name), one]);
}

function tryResolve(name: string): SettingPath | undefined {
  try {
    return resolveSetting(name);
  } catch {
    return undefined;
  }
}

const levelPath = (path: SettingPath): boolean => path[0] === 'producer' && path[1] === 'compression.level';

function producerOf(input: Record<string, unknown>): Record<string, unknown> {
  const { producer } = input as { producer?: unknown };
  return typeof producer === 'object' && producer !== null ? (producer as Record<string, unknown>) : {};
}

/** Gives `compression.level` to the codec that the cell has; null where that codec has no such level. */
function applyLevel(input: Record<string, unknown>): {
  input: Record<string, unknown>;
  reason: string | null;
} {
  const { 'compression.level': level, ...rest } = producerOf(input);
  if (level === undefined) return { input, reason: null };
  const codec = String(rest['compression.type'] ?? 'none');
  const range = own<readonly [number, number]>(CODEC_LEVELS, codec);
  const without = { ...input, producer: rest };
  if (range === undefined) return { input: without, reason: `compression.type=${codec} has no levels` };
  if (typeof level === 'number' && (level < range[0] || level > range[1])) {
    return { input: without, reason: `${codec} has levels ${range[0]} to ${range[1]}` };
  }
  return { input: { ...input, producer: { ...rest, [`compression.${codec}.level`]: level } }, reason: null };
}

function idOf(index: number, settings: CellSettings): string {
  const words = Object.values(settings).map((value) => String(value).replaceAll(/[^A-Za-z0-9.]+/g, '-'));
  const slug = (words.length === 0 ? 'baseline' : words.join('_')).slice(0, 48);
  return `${String(index).padStart(3, '0')}-${slug}`;
}

const labelOf = (settings: CellSettings): string =>
  Object.entries(settings)
    .map(([axis, value]) => (String(value).includes('=') ? String(value) : `${axis}=${value}`))
    .join(' ') || 'baseline';

interface Built {
  readonly workload: CellWorkload | null;
  readonly problems: readonly Problem[];
  /** Why the combination cannot work although each value is fine. */
  readonly impossible: string | null;
  /** The setting that says so. */
  readonly impossibleAt: Problem['path'];
  readonly identity: string;
}

function build(input: Record<string, unknown>): Built {
  const { sweep, repeats, thresholds, ...base } = input;
  const levelled = applyLevel(base);
  const parsed = workloadSchema.safeParse(levelled.input);
  const identity = JSON.stringify(levelled.input);
  if (!parsed.success) {
    return {
      workload: null,
      problems: problemsOf(parsed.error.issues, levelled.input, keysAt),
      impossible: null,
      impossibleAt: [],
      identity,
    };
  }
  const { sweep: _none, repeats: _one, thresholds: _any, ...workload } = parsed.data;
  const problems = [
    ...semanticProblems(workload),
    ...(['producer', 'consumer'] as const).flatMap((role) =>
      propertyProblems(role, workload[role]).map(
        ({ key, message }): Problem => ({ path: [role, key], at: 'key', message }),
      ),
    ),
  ];
  const conflict =
    problems.length > 0
      ? undefined
      : (['producer', 'consumer'] as const)
          .flatMap((role) => propertyConflicts(role, workload[role]).map((found) => ({ role, ...found })))
          .at(0);
  const impossible =
    levelled.reason ?? (conflict === undefined ? null : `${conflict.key}: ${conflict.message}`);
  const impossibleAt =
    conflict === undefined ? ['producer', 'compression.level'] : [conflict.role, conflict.key];
  return { workload, problems, impossible, impossibleAt, identity };
}

/** More would take days to run, and minutes to check. */
const MAX_COMBINATIONS = 4_096;

/** Settings that a cell cannot have of its own: those of the run, and those of a topic that is used as it is. */
function unsweepable(path: SettingPath, { topic }: Workload): string | null {
  const [section, key] = path;
  if (['name', 'description', 'repeats', 'seed', 'thresholds', 'sweep'].includes(section ?? '')) {
    return `${section} belongs to the whole run, and cannot be swept`;
  }
  if (key === 'bootstrap.servers') return 'one run measures one cluster: bootstrap.servers cannot be swept';
  if (topic.existing && section === 'topic' && key !== 'name') {
    return `topic.${key} of an existing topic stays as it is, and cannot be swept`;
  }
  return null;
}

/**
 * Every combination of the axes as a cell, the ones that cannot work left out with the reason. What is wrong with a
 * value, or with the workload whatever the sweep does, is a problem and not an exclusion.
 */
export function buildCells(input: Record<string, unknown>, workload: Workload): CellsOrProblems {
  const axes: Axis[] = Object.entries(workload.sweep?.axes ?? {}).map(([name, values]) => ({ name, values }));
  const problems: Problem[] = [];
  const nothing = { cells: [], excluded: [], design: null };
  const chosen = chooseRows(
    workload,
    axes.map(({ name, values }) => ({ name, levels: values.map(settingOf) })),
  );
  if (typeof chosen === 'string') {
    return { ...nothing, problems: [{ path: ['sweep', 'design'], at: 'value', message: chosen }] };
  }
  const count = chosen.rows?.length ?? axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MAX_COMBINATIONS) {
    const message = `${count} combinations; at most ${MAX_COMBINATIONS}: a design runs a part of them (sweep.design)`;
    return { ...nothing, problems: [{ path: ['sweep', 'axes'], at: 'key', message }] };
  }
  for (const axis of axes) {
    for (const [index, value] of axis.values.entries()) {
      try {
        for (const [path] of assignments(axis, value)) {
          const message = unsweepable(path, workload);
          if (message !== null)
            problems.push({ path: ['sweep', 'axes', axis.name, index], at: 'value', message });
        }
      } catch (error) {
        problems.push({
          path: ['sweep', 'axes', axis.name],
          at: 'key',
          message: error instanceof Error ? describe(error) : String(error),
        });
        break;
      }
    }
  }
  problems.push(...excludeProblems(workload.sweep?.exclude ?? [], axes));
  if (problems.length > 0) return { ...nothing, problems };

  const cells: Cell[] = [];
  const excluded: Excluded[] = [];
  const seen = new Map<string, string>();
  const reported = new Set<string>();
  let impossibleAt: Problem['path'] = [];
  for (const combination of chosen.rows ?? combinations(axes)) {
    const settings: Record<string, Scalar> = {};
    let own = input;
    for (const [at, axis] of axes.entries()) {
      const value = axis.values[combination[at] ?? 0];
      if (value === undefined) continue;
      settings[axis.name] = settingOf(value);
      const set = assignments(axis, value);
      for (const [path, one] of set.filter(([path]) => !levelPath(path))) own = withSetting(own, path, one);
      for (const [path, one] of set.filter(([path]) => levelPath(path))) own = withSetting(own, path, one);
    }
    const rule = workload.sweep?.exclude.findIndex((candidate) => matches(settings, candidate)) ?? -1;
    if (rule >= 0) {
      excluded.push({ settings, reason: `sweep.exclude[${rule}]` });
      continue;
    }
    const built = build(own);
    for (const found of built.problems) {
      const located = locatedInSweep(found, axes, combination);
      const key = `${located.path.join('.')} ${located.message}`;
      if (!reported.has(key)) problems.push(located);
      reported.add(key);
    }
    if (built.workload === null || built.problems.length > 0) continue;
    impossibleAt = built.impossibleAt;
    const twin = seen.get(built.identity);
    if (built.impossible === null && twin !== undefined) {
      excluded.push({ settings, reason: `the same as ${twin}` });
      continue;
    }
    const needless = axes.length > 0 && twin === undefined && /has no levels$/.test(built.impossible ?? '');
    if (built.impossible !== null && !needless) {
      excluded.push({
        settings,
        reason: twin === undefined ? built.impossible : `${built.impossible}: the same as ${twin}`,
      });
      continue;
    }
    const id = idOf(cells.length, settings);
    seen.set(built.identity, id);
    cells.push({ id, label: labelOf(settings), settings, workload: built.workload });
  }
  const only = excluded[0];
  if (cells.length === 0 && problems.length === 0 && only !== undefined) {
    const path = workload.sweep === undefined ? impossibleAt : ['sweep'];
    problems.push({ path, at: 'key', message: `no combination can work: ${only.reason}` });
  }
  const gap = excluded[0];
  if (chosen.record?.kind === 'screen' && gap !== undefined) {
    const text = labelOf(gap.settings);
    const message = `a screen needs all of its combinations, and ${text} cannot run (${gap.reason}): choose other first and last values`;
    problems.push({ path: ['sweep', 'design'], at: 'value', message });
  }
  return { cells, excluded, problems, design: chosen.record };
}

/** Points at the axis value that a problem comes from, where it comes from one. */
function locatedInSweep(problem: Problem, axes: readonly Axis[], combination: Combination): Problem {
  for (const [at, axis] of axes.entries()) {
    const index = combination[at] ?? 0;
    const value = axis.values[index];
    if (value === undefined) continue;
    for (const [path] of assignments(axis, value)) {
      if (path.every((step, i) => String(problem.path[i]) === step)) {
        return {
          path: ['sweep', 'axes', axis.name, index],
          at: 'value',
          message: `${problem.path.join('.')}: ${problem.message}`,
        };
      }
    }
  }
  return problem;
}

const describe = (error: Error & { hint?: string }): string =>
  error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
