// Millrace as a user starts it: a process of its own, in the project's root.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The project's root, where the examples' paths lead from. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What Node is started with for `millrace`. */
export const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Compiled code is kept from one process to the next: the tests start a hundred. */
const compiled = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'millrace-compiled') };

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MillraceProcess {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What has come on stderr so far. */
  stderr(): string;
}

/** What a process is started with besides its arguments. */
export interface Surroundings {
  /** Variables besides those of the test run. */
  readonly env?: Readonly<Record<string, string>>;
  /** What its standard input holds; nothing unless said. */
  readonly stdin?: string;
  /** Leaves standard input open to the caller, who may write to it and end it. */
  readonly leaveStdin?: boolean;
  /** Leaves standard output to the caller, who may read it, not read it, or close it: `stdout` is then empty. */
  readonly leaveStdout?: boolean;
  /** What Node is started with instead of `main`. */
  readonly entry?: string;
}

/** A test that fails leaves nothing running. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `millrace ARGUMENTS…`. */
export function startMillrace(...args: string[]): MillraceProcess {
  return startMillraceIn({}, ...args);
}

/** Starts `millrace ARGUMENTS…` with an environment or a standard input of its own. */
export function startMillraceIn(
  { env, stdin, leaveStdin = false, leaveStdout = false, entry = main }: Surroundings,
  ...args: string[]
): MillraceProcess {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: root,
    env: { ...process.env, ...compiled, ...env },
    stdio: [stdin === undefined && !leaveStdin ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  // A process that ends before it has read all of its input closes the pipe: its own business.
  child.stdin?.on('error', () => {});
  if (!leaveStdin) child.stdin?.end(stdin);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const finished = Promise.all([exited, leaveStdout ? '' : textOf(child.stdout)]).then(([exit, stdout]) => ({
    ...exit,
    stdout,
    stderr,
  }));
  return { child, finished, stderr: () => stderr };
}

/** Runs `millrace ARGUMENTS…` to its end. */
export function runMillrace(...args: string[]): Promise<Finished> {
  return startMillrace(...args).finished;
}

/** Runs `millrace ARGUMENTS…` to its end, with an environment or a standard input of its own. */
export function runMillraceIn(surroundings: Surroundings, ...args: string[]): Promise<Finished> {
  return startMillraceIn(surroundings, ...args).finished;
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream ? await text(stream) : '';
}
