// `millrace` as src/cli/main.ts starts it, except that it does itself a wrong at a point that the test chooses:
// MILLRACE_FAULT=`ACTION:STAGE:N` at the N-th passing of a stage (`before-send`, `partitions-added`, `sent`, `before-offsets`,
// `offsets-sent`, `committed`, `checkpoint-written`), or several such with commas between. ACTION is `kill` (SIGKILL), `stop`
// (SIGSTOP; the test sends SIGCONT), `hold` (says so on stderr and waits for SIGUSR2, its timers and sockets alive), or
// `slow` (N ms at every passing).

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { say, tellFailure } from '../../src/cli/console.ts';
import { createProgram } from '../../src/cli/program.ts';

const faults = (process.env.MILLRACE_FAULT ?? '').split(',').map((fault) => {
  const [action = '', stage = '', nth = '1'] = fault.split(':');
  return { action, stage, nth: Number(nth), passed: 0 };
});

async function onStage(stage: string): Promise<void> {
  for (const fault of faults) if (fault.stage === stage) await pass(fault);
}

async function pass(fault: (typeof faults)[number]): Promise<void> {
  const { action, stage, nth } = fault;
  if (action === 'slow') return sleep(nth);
  fault.passed++;
  if (fault.passed !== nth) return;
  say(`fault: ${action} at ${stage}, passing ${nth}`);
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
  // A signal of one's own comes at once, but not before the next turn of the loop.
  if (action === 'hold') await once(process, 'SIGUSR2');
  else await sleep(50);
}

try {
  await createProgram({ onStage }).parseAsync(process.argv);
} catch (error) {
  process.exitCode = error instanceof CommanderError ? 2 : tellFailure(error);
}
