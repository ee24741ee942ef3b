import type { Command, Option } from 'commander';
import { type Value, valueOfArgument, valueOfOption } from './values.ts';

/** A word that can be completed, and what it is for. */
interface Described {
  readonly word: string;
  readonly about: string;
}

export interface CompletedOption extends Described {
  /** "-o" for "--output", where there is one. */
  readonly short: string | null;
  /** null where the option stands alone. */
  readonly value: Value | null;
}

/** One command of the program, by its path: '' for the program itself, "size partitions". */
export interface CompletedCommand {
  readonly path: string;
  readonly options: readonly CompletedOption[];
  readonly commands: readonly Described[];
  /** Of its arguments; the first that can be completed stands for all of them. */
  readonly argument: Value;
}

/** What can follow what, read off the commander program itself; the program first. */
export function completionModel(program: Command): CompletedCommand[] {
  return walk(program, []);
}

function walk(command: Command, path: readonly string[]): CompletedCommand[] {
  const help = command.createHelp();
  const visible = help.visibleCommands(command);
  const values = command.registeredArguments.map((one) => valueOfArgument(one.name(), one.argChoices));
  const own: CompletedCommand = {
    path: path.join(' '),
    options: help.visibleOptions(command).map(completedOption),
    commands: visible.map((one) => ({ word: one.name(), about: oneLine(one.description()) })),
    argument: values.find(({ kind }) => kind !== 'free') ?? { kind: 'free' },
  };
  return [own, ...command.commands.flatMap((one) => walk(one, [...path, one.name()]))];
}

function completedOption(option: Option): CompletedOption {
  const takesValue = option.required || option.optional;
  const word = option.long ?? option.short ?? option.flags;
  return {
    word,
    short: option.long === undefined ? null : (option.short ?? null),
    about: oneLine(option.description),
    value: takesValue ? valueOfOption(word, option.flags, option.argChoices) : null,
  };
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
