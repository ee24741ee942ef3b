import { resolveSetting, type SettingPath } from './settings.ts';

type Raw = Record<string, unknown>;

const isMap = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings that an axis gives values to; none where its name is wrong, which is told elsewhere. */
function pathsOf(name: string, values: unknown): SettingPath[] {
  const maps = Array.isArray(values) ? values.filter(isMap) : [];
  return [name, ...maps.flatMap(Object.keys)].flatMap((one) => {
    try {
      return [resolveSetting(one)];
    } catch {
      return [];
    }
  });
}

/**
 * What --set gives a value to is no longer swept: it overrides the file, and an axis would override it.
 *
 * @param set paths of the settings, in the order of the command line
 */
export function withoutSetAxes(
  input: Raw,
  set: readonly SettingPath[],
): { readonly input: Raw; readonly dropped: readonly string[] } {
  const { sweep } = input;
  if (!isMap(sweep) || !isMap(sweep['axes'])) return { input, dropped: [] };
  const { axes } = sweep;
  const given = new Set(set.map((path) => path.join('\n')));
  const dropped = Object.keys(axes).filter((name) =>
    pathsOf(name, axes[name]).some((path) => given.has(path.join('\n'))),
  );
  if (dropped.length === 0) return { input, dropped };
  const left = Object.fromEntries(Object.entries(axes).filter(([name]) => !dropped.includes(name)));
  const { sweep: _all, ...unswept } = input;
  const bare = Object.keys(left).length === 0 && sweep['exclude'] === undefined;
  return { input: bare ? unswept : { ...input, sweep: { ...sweep, axes: left } }, dropped };
}
