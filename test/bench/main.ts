// `npm run --silent bench -- NAME [--json] [options]`: runs one bench. With --json it prints JSON lines, else a table to read.

import { type Bench, BenchUsageError, requireKnown } from './options.ts';

/** Name → its file. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  kernel: () => import('./kernel.ts'),
  'learner-memory': () => import('./learner-memory.ts'),
  recovery: () => import('./recovery.ts'),
  read: () => import('./read.ts'),
  stream: () => import('./stream.ts'),
  write: () => import('./write.ts'),
  scaling: () => import('./scaling.ts'),
  stages: () => import('./stages.ts'),
  file: () => import('./file.ts'),
  decode: () => import('./decode.ts'),
  latency: () => import('./latency.ts'),
  infer: () => import('./infer.ts'),
  memory: () => import('./memory.ts'),
  start: () => import('./start.ts'),
  defaults: () => import('./defaults.ts'),
};

/** Runs a bench; arguments that it cannot run with are told in a line. */
async function runBench(name: string, args: readonly string[]): Promise<void> {
  const { run, options } = await benches[name]();
  const rest = args.filter((argument) => argument !== '--json');
  try {
    requireKnown(name, rest, options);
    await run({ json: args.includes('--json'), rest });
  } catch (error) {
    if (!(error instanceof BenchUsageError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

const [name = '', ...args] = process.argv.slice(2);
if (Object.hasOwn(benches, name)) {
  await runBench(name, args);
} else {
  const known = Object.keys(benches).join(', ');
  console.error(`${name === '' ? 'no bench named' : `no bench ${name}`}; there are: ${known}`);
  console.error('usage: npm run --silent bench -- NAME [--json] [options]');
  process.exitCode = 2;
}
