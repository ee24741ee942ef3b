import type { CompletedCommand, CompletedOption } from './model.ts';
import { settingValues } from './settings.ts';
import type { Value } from './values.ts';

/** A word of fish, in which only \ and ' mean something within quotes. */
const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

/** The `complete` commands of fish, behind its helper of ksweep.fish, which reads the two lists. */
export function fishTables(model: readonly CompletedCommand[]): {
  readonly before: string;
  readonly after: string;
} {
  const valued = model.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value !== null)
      .flatMap(({ word, short }) => [word, ...(short === null ? [] : [short])])
      .map((word) => `${path} ${word}`),
  );
  const paths = model.map(({ path }) => path).filter((path) => path !== '');
  const settings = [...settingValues()].flatMap(([name, values]) =>
    values.length === 0 ? [`${name}=`] : values.map((value) => `${name}=${value}`),
  );
  return {
    before: [
      `set -g __ksweep_commands ${paths.map(quoted).join(' ')}`,
      `set -g __ksweep_valued ${valued.map(quoted).join(' ')}`,
      `set -g __ksweep_settings ${settings.map(quoted).join(' ')}`,
    ].join('\n'),
    after: model.flatMap(completions).join('\n'),
  };
}

function completions({ path, options, commands, argument }: CompletedCommand): string[] {
  const here = `complete -c ksweep -n ${quoted(`__ksweep_at ${quoted(path)}`)}`;
  return [
    ...commands.map(({ word, about }) => `${here} -a ${quoted(word)} -d ${quoted(about)}`),
    ...options.map((option) => `${here} ${optionWords(option)} -d ${quoted(option.about)}`),
    ...(argument.kind === 'free' ? [] : [`${here} ${words(argument)}`]),
  ];
}

function optionWords({ word, short, value }: CompletedOption): string {
  const names = [`-l ${word.replace(/^--/, '')}`, ...(short === null ? [] : [`-s ${short.slice(1)}`])];
  return [...names, ...(value === null ? [] : [value.kind === 'files' ? '-r' : '-x', words(value)])].join(
    ' ',
  );
}

function words(value: Value): string {
  switch (value.kind) {
    case 'files':
      return '-F';
    case 'folders':
      return `-a ${quoted('(__fish_complete_directories (commandline -ct))')}`;
    case 'setting':
      return `-a ${quoted('$__ksweep_settings')}`;
    case 'free':
      return '';
    case 'words': {
      const list = value.words.map((word) => quoted(word)).join(' ');
      return value.list ? `-a ${quoted(`(__fish_append , ${value.words.join(' ')})`)}` : `-a ${quoted(list)}`;
    }
  }
}
