// What can be completed, read from the commands themselves, so that no script lags behind them.

import type { Command, Option } from 'commander';

/** What follows an option: nothing, a path, one of a few words, or something that nobody can guess. */
export type Follows = 'nothing' | 'path' | 'text' | readonly string[];

export interface OptionWords {
  /** `-c`, `--config`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly follows: Follows;
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** What the command's own argument is. */
  readonly argument: Follows;
}

const isPath = /<(file|path|checkpoint)>/;

/** The commands of a program with their options, and `help`, which takes any of the others. */
export function wordsOf(program: Command): CommandWords[] {
  const commands = program.commands.map((command): CommandWords => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      description: command.description(),
      options: [...command.options.map(optionWords), help],
      argument: argument ? (argument.argChoices ?? 'path') : 'nothing',
    };
  });
  const names = commands.map(({ name }) => name);
  return [...commands, { name: 'help', description: 'tell how to use a command', options: [], argument: names }];
}

const help: OptionWords = { flags: ['-h', '--help'], description: 'tell how to use it', follows: 'nothing' };

function optionWords(option: Option): OptionWords {
  const { short, long, flags, description, argChoices } = option;
  const takesValue = option.required || option.optional;
  const value = argChoices ?? (isPath.test(flags) ? 'path' : 'text');
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    follows: takesValue ? value : 'nothing',
  };
}
