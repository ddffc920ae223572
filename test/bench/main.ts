// `npm run --silent bench -- NAME [--json] [options]`: runs one bench. With --json it prints JSON lines, else a table to read.

import type { BenchOptions } from './options.ts';

/** Name → its file, which exports `run(options)`. */
const benches: Readonly<Record<string, () => Promise<{ run: (options: BenchOptions) => void | Promise<void> }>>> = {
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

const [name = '', ...rest] = process.argv.slice(2);
if (Object.hasOwn(benches, name)) {
  const { run } = await benches[name]();
  await run({ json: rest.includes('--json'), rest: rest.filter((argument) => argument !== '--json') });
} else {
  const known = Object.keys(benches).join(', ');
  console.error(`${name === '' ? 'no bench named' : `no bench ${name}`}; there are: ${known}`);
  console.error('usage: npm run --silent bench -- NAME [--json] [options]');
  process.exitCode = 2;
}
