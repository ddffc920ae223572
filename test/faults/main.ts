// `npm run test:faults -- [--long] [--seed N] [--producer wire|kafkajs]… [PART OF A FILE'S NAME…] [-t CASE]`: harms millrace,
// its brokers, its network and its disk in every way of the list, and holds what comes of it to the promise of
// docs/guarantees.md. Real brokers as processes: needs Java 17 and Maven. Names every case, the seed, and ends with exit code
// 0 or 1.

import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { suiteReporters } from '../support/reporters.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string' },
    producer: { type: 'string', multiple: true },
    name: { type: 'string', short: 't' },
  },
});
const { long } = values;
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const producers = values.producer ?? (long ? ['wire', 'kafkajs'] : ['wire']);
const startedMs = performance.now();
console.log(`faults: seed ${seed}${long ? ', long' : ''}; the same again with --seed ${seed}`);

const vitest = await startVitest('test', positionals, {
  ...(values.name === undefined ? {} : { testNamePattern: values.name }),
  config: false,
  watch: false,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  include: ['test/faults/**/*.faults.ts'],
  globalSetup: ['test/faults/setup.ts'],
  provide: { long, seed, producers },
  reporters: suiteReporters('verbose'),
  retry: process.env.CI ? 1 : 0,
  pool: 'forks',
  maxWorkers: 2,
  testTimeout: long ? 900_000 : 180_000,
  hookTimeout: 120_000,
});
const cases = [...vitest.state.getTestModules()].flatMap((module) => [...module.children.allTests()]);
const count = (state: string) => cases.filter((each) => each.result().state === state).length;
const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
console.log(`faults: seed ${seed}, ${minutes} minutes`);
console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
await vitest.close();
