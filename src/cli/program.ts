// The commands and their options. `-c`, `--set` and `--json` mean the same everywhere.

import { Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../version.ts';
import { lint } from './commands/lint.ts';
import { produce } from './commands/produce.ts';
import { run } from './commands/run.ts';

/** The options that every command with a configuration has. */
export interface CommonOptions {
  readonly config: string;
  readonly set: readonly string[];
  readonly json: boolean;
}

/** The whole command line, ready to parse. Throws CommanderError instead of exiting. */
export function createProgram(): Command {
  const program = new Command('millrace')
    .description('Learns a neural network from a stream, sample by sample, and publishes its predictions.')
    .version(version)
    .showHelpAfterError('(millrace --help tells the commands)');
  withConfig(program.command('run'))
    .description('read samples, predict, learn, publish')
    .option('--stop-at-end', 'end at the end of the input (Kafka: the end offsets at start)', false)
    .addOption(countOption('--samples <n>', 'end after N records'))
    .action(run);
  withConfig(program.command('lint'))
    .description('check a configuration and print it with every default filled in')
    .action(lint);
  withConfig(program.command('produce'))
    .description("fill the configuration's Kafka topic from a file or a synthetic stream")
    .option('--from <path>', 'CSV or NDJSON file to read; - is standard input')
    .option('--synthetic <stream>', 'xor, sea, hyperplane or friedman instead of a file')
    .addOption(countOption('--samples <n>', 'how many records; needed for a synthetic stream'))
    .addOption(countOption('--seed <n>', 'seed of the synthetic stream').default(1))
    .action(produce);
  program.exitOverride();
  for (const command of program.commands) command.exitOverride();
  return program;
}

function withConfig(command: Command): Command {
  return command
    .requiredOption('-c, --config <file>', 'configuration file (YAML)')
    .option('--set <path=value>', 'override one key of it; may be repeated', collect, [])
    .option('--json', 'one JSON line of result on stdout', false);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function countOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const count = Number(text);
    if (!Number.isSafeInteger(count) || count < 0 || text.trim() === '')
      throw new InvalidArgumentError('needs a whole number.');
    return count;
  });
}
