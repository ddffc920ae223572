// The commands and their options. `-c`, `--set` and `--json` mean the same everywhere.

import { Argument, Command, Option } from 'commander';
import { syntheticStreams } from '../synthetic/synthetic-source.ts';
import { version } from '../version.ts';
import { completion, shells } from './commands/completion.ts';
import { inspect } from './commands/inspect.ts';
import { lint } from './commands/lint.ts';
import { endlessSamples, plot } from './commands/plot.ts';
import { predict } from './commands/predict.ts';
import { produce } from './commands/produce.ts';
import { type RunOptions, roles, run } from './commands/run.ts';
import { verify } from './commands/verify.ts';
import { type LogFormat, setLogFormat } from './console.ts';
import { countOption, numberOption, withConfig, withExamples, withOutput } from './options.ts';
import { acceptances, type RunHooks } from './run/attempt.ts';
import { fileFormats } from './run/format.ts';

/** By command. */
const examples: Readonly<Record<string, readonly string[]>> = {
  run: ['run -c config/demo.yaml', 'run -c config/digits.yaml --set model.seed=7 --stop-at-end --json'],
  lint: ['lint -c config/payments.yaml', 'lint -c config/demo.yaml --set model.hidden=[64,32] --json'],
  inspect: ['inspect checkpoints/demo-000000000100000.safetensors'],
  verify: ['verify -c config/kafka-phishing.yaml'],
  produce: [
    'produce -c config/kafka-phishing.yaml --from config/data/phishing.csv --create-topics 4',
    'produce -c config/kafka-phishing.yaml --synthetic sea --drift-every 20000 --rate 500',
  ],
  predict: [
    'predict -c config/demo.yaml --in new.csv --out predictions.ndjson',
    'predict -c config/demo.yaml --from checkpoints/demo-000000000100000.safetensors --in - < new.ndjson',
  ],
  completion: ['completion bash >> ~/.bash_completion', 'completion fish > ~/.config/fish/completions/millrace.fish'],
  plot: ['plot -c config/phishing.yaml --window 200', 'plot -c config/demo.yaml --samples 60000 --out curve.svg'],
};

/** The whole command line, ready to parse; `hooks` are for tests. Throws CommanderError instead of exiting. */
export function createProgram(hooks: RunHooks = {}): Command {
  const program = new Command('millrace')
    .description('Learns a neural network from a stream, sample by sample, and publishes its predictions.')
    .version(version)
    .showHelpAfterError('(millrace --help tells the commands)');
  withConfig(program.command('run'))
    .description('read samples, predict, learn, publish')
    .option('--stop-at-end', 'end at the end of the input (Kafka: the end offsets at start)', false)
    .addOption(countOption('--samples <n>', 'end after N records'))
    .addOption(
      new Option('--accept <difference...>', 'go on in spite of a difference that would stop the run')
        .choices(acceptances)
        .default([]),
    )
    .addOption(
      new Option('--role <role>', 'scorer: learn nothing, serve the newest checkpoint over HTTP')
        .choices(roles)
        .default('learner'),
    )
    .action((options: RunOptions) => run(options, hooks));
  withConfig(program.command('lint'))
    .description('check a configuration and print it with every default filled in')
    .action(lint);
  withOutput(program.command('inspect <checkpoint>'))
    .description('tell what a checkpoint holds: position, network, metrics, strongest inputs')
    .action(inspect);
  withConfig(program.command('verify'))
    .description('learn the model again from the log and compare it, bit for bit, with the newest checkpoint')
    .option('--from <checkpoint>', 'begin with a checkpoint instead of nothing')
    .action(verify);
  withConfig(program.command('produce'))
    .description("fill the configuration's Kafka topic from a file or a synthetic stream")
    .option('--from <path>', 'CSV or NDJSON file to read; - is NDJSON on standard input')
    .addOption(new Option('--synthetic <stream>', 'a synthetic stream instead of a file').choices(syntheticStreams))
    .addOption(countOption('--samples <n>', 'end after N records'))
    .addOption(countOption('--rate <n>', 'records a second; as fast as they are taken without'))
    .addOption(countOption('--create-topics <partitions>', "create what is missing of the configuration's topics"))
    .addOption(countOption('--seed <n>', 'synthetic: seed').default(1))
    .addOption(numberOption('--noise <share>', 'synthetic: share of flipped labels').default(0))
    .addOption(countOption('--drift-every <n>', 'synthetic: records from one change of concept to the next'))
    .action(produce);
  withConfig(program.command('predict'))
    .description('score a file with a checkpoint, without learning')
    .requiredOption('--in <path>', 'CSV, NDJSON or float32 file to score; - is NDJSON on standard input')
    .option('--from <checkpoint>', "the model; the newest of the configuration's checkpoints without")
    .option('--out <path>', 'file of the predictions; - is standard output, the default unless --json takes that')
    .option('--dead-letters <path>', 'file of the rejected records, with the reasons; they are only counted without')
    .addOption(
      new Option('--format <format>', "of the input, where its name's ending does not tell").choices(fileFormats),
    )
    .action(predict);
  withConfig(program.command('plot'))
    .description('draw the learning curve of a file or synthetic stream; learns on the side, keeps nothing')
    .addOption(countOption('--samples <n>', `end after N records; a stream without an end after ${endlessSamples}`))
    .addOption(countOption('--window <n>', "samples in the sliding window; the configuration's metrics.window without"))
    .option('--out <path>', 'an SVG file; a chart of text on stdout without')
    .action(plot);
  program
    .command('completion')
    .description('print a script that makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action((shell: (typeof shells)[number]) => completion(shell, program));
  for (const command of program.commands) withExamples(command, ...(examples[command.name()] ?? []));
  program.hook('preAction', (_, command) => setLogFormat(command.opts<{ log?: LogFormat }>().log ?? 'text'));
  program.exitOverride();
  for (const command of program.commands) command.exitOverride();
  return program;
}
