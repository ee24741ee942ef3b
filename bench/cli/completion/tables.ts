import { groupBy } from '../../../reports/run/group-by.ts';
import type { CompletedCommand } from './model.ts';
import { settingValues } from './settings.ts';
import type { Value } from './values.ts';

/** A word of a shell that takes it for nothing else; bash and zsh read it alike. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const lines = (all: readonly string[]): string => `printf '%s\\n' ${all.map(quoted).join(' ')}`;

/** A value as one line: its kind, and the words of a list behind it. */
function valueLine(value: Value): string {
  if (value.kind !== 'words') return value.kind;
  return [value.list ? 'list' : 'words', ...value.words].join(' ');
}

function caseOf(name: string, branches: readonly (readonly [patterns: readonly string[], body: string])[]) {
  const arms = branches
    .filter(([patterns]) => patterns.length > 0)
    .map(([patterns, body]) => `    ${patterns.map(quoted).join('|')}) ${body} ;;`);
  return [`${name}() {`, '  case "$1" in', ...arms, '    *) return 1 ;;', '  esac', '}'].join('\n');
}

/** Functions that bash and zsh share: what the program is made of, as tables. */
export function shellTables(model: readonly CompletedCommand[]): string {
  const options = model.flatMap(({ path, options: own }) =>
    own.flatMap(({ word, short, value }) =>
      value === null
        ? []
        : [word, ...(short === null ? [] : [short])].map(
            (one) => [`${path} ${one}`, valueLine(value)] as const,
          ),
    ),
  );
  const byValue = groupBy(options, ([, value]) => value);
  const settings = settingValues();
  const few = groupBy(
    [...settings].filter(([, values]) => values.length > 0),
    ([, values]) => values.join(' '),
  );
  return [
    '# Is this the path of a command?',
    caseOf('_ksweep_command', [[model.map(({ path }) => path).filter((path) => path !== ''), 'return 0']]),
    '# What the option of a command takes; fails where it takes nothing.',
    caseOf(
      '_ksweep_value',
      [...byValue].map(([value, same]) => [same.map(([name]) => name), `printf '%s\\n' ${quoted(value)}`]),
    ),
    '# Options of a command, each with a tab and what it is for.',
    caseOf(
      '_ksweep_options',
      model.map(({ path, options: own }) => [
        [path],
        lines(own.map(({ word, about }) => `${word}\t${about}`)),
      ]),
    ),
    '# Commands within a command, in the same form.',
    caseOf(
      '_ksweep_commands',
      model
        .filter(({ commands }) => commands.length > 0)
        .map(({ path, commands }) => [[path], lines(commands.map(({ word, about }) => `${word}\t${about}`))]),
    ),
    '# What the arguments of a command are.',
    caseOf(
      '_ksweep_argument',
      [...groupBy(model, ({ argument }) => valueLine(argument))].map(([value, same]) => [
        same.map(({ path }) => path),
        `printf '%s\\n' ${quoted(value)}`,
      ]),
    ),
    '# Settings of a workload, for --set, and the values of those that have a few.',
    `_ksweep_settings() { ${lines([...settings.keys()])}; }`,
    caseOf(
      '_ksweep_setting_values',
      [...few].map(([values, same]) => [
        same.map(([name]) => name),
        `printf '%s\\n' ${values.split(' ').map(quoted).join(' ')}`,
      ]),
    ),
  ].join('\n');
}
