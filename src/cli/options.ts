// Options that several commands have, and kinds of value that they take.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { logFormats } from './console.ts';

/** `-c`, `--set`, `--json` and `--log`. */
export function withConfig(command: Command): Command {
  return withOutput(
    command
      .requiredOption('-c, --config <file>', 'configuration file (YAML)')
      .option('--set <path=value>', 'override one key of it; may be repeated', collect, []),
  );
}

/** `--json` and `--log`. */
export function withOutput(command: Command): Command {
  return command
    .option('--json', 'one JSON line of result on stdout', false)
    .addOption(
      new Option('--log <format>', 'how stderr is written: lines of text, or of JSON for a log collector')
        .choices(logFormats)
        .env('MILLRACE_LOG')
        .default('text'),
    );
}

/** Examples at the end of a command's help. */
export function withExamples(command: Command, ...lines: string[]): Command {
  const title = lines.length === 1 ? 'Example' : 'Examples';
  return command.addHelpText('after', `\n${title}:\n${lines.map((line) => `  $ millrace ${line}`).join('\n')}`);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** An option that takes a whole number of at least 0. */
export function countOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const count = Number(text);
    if (!Number.isSafeInteger(count) || count < 0 || text.trim() === '')
      throw new InvalidArgumentError('needs a whole number.');
    return count;
  });
}

/** An option that takes a number of at least 0. */
export function numberOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const number = Number(text);
    if (!(number >= 0) || text.trim() === '') throw new InvalidArgumentError('needs a number of at least 0.');
    return number;
  });
}
