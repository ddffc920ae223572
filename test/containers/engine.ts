// The container engine's own command line, for what testcontainers has no word for: building, killing, looking, removing.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';

const run = promisify(execFile);
const failure = z.object({ stdout: z.string(), stderr: z.string() });

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `docker ARGUMENTS…` in the project's root; rejects with its words if it fails. */
export async function docker(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  try {
    return await run('docker', args, { cwd: root, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { success, data } = failure.safeParse(error);
    throw new Error(`docker ${args.join(' ')}\n${success ? data.stdout + data.stderr : error}`, { cause: error });
  }
}

/** The lines that `docker ARGUMENTS…` prints. */
export async function dockerLines(...args: string[]): Promise<string[]> {
  return (await docker(args)).stdout.split('\n').filter((line) => line !== '');
}

/** Removes every container, network and volume that carries a label. */
export async function removeLabelled(label: string): Promise<void> {
  const filter = ['--filter', `label=${label}`];
  const containers = await dockerLines('ps', '-aq', ...filter);
  if (containers.length > 0) await docker(['rm', '-fv', ...containers]);
  for (const kind of ['network', 'volume']) {
    const left = await dockerLines(kind, 'ls', '-q', ...filter);
    if (left.length > 0) await docker([kind, 'rm', ...left]);
  }
}

/** What carries a label, or belongs to a compose project, and is still there. */
export async function leftOf(label: string): Promise<string[]> {
  const filter = ['--filter', `label=${label}`];
  const left = await Promise.all([
    dockerLines('ps', '-aq', ...filter),
    dockerLines('network', 'ls', '-q', ...filter),
    dockerLines('volume', 'ls', '-q', ...filter),
  ]);
  return left.flat();
}
