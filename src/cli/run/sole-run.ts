// Sees to it that one process at a time writes the checkpoints and output files of a run over files. What is held is a name
// that the kernel lets go of when the process ends, whatever it dies of: nothing is left behind that would lock anybody out.
// Linux (an abstract socket, so within one network namespace: a machine, a container, a pod) and Windows (a named pipe);
// elsewhere nobody checks.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { outputFiles } from './output-files.ts';

export interface SoleRun {
  release(): Promise<void>;
}

const nobody: SoleRun = { release: async () => {} };

/** Holds what the run writes. Throws already-running, naming what another process holds. Over Kafka the group does this. */
export async function holdAlone(config: Config): Promise<SoleRun> {
  if (config.source.kafka) return nobody;
  const held: Server[] = [];
  const release = async () => {
    await Promise.all(held.map((server) => once(server.close(), 'close')));
  };
  try {
    for (const [key, what] of await written(config)) {
      const server = await hold(addressOf(key), what);
      if (server) held.push(server);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** Everything that no other process may write, and what it is to the user. Makes the folders: only then are they known by. */
async function written(config: Config): Promise<Map<string, string>> {
  const { checkpoint, name } = config;
  const all = new Map<string, string>();
  if (checkpoint) {
    const what = `the checkpoints of '${name}' in ${checkpoint.dir}`;
    all.set(`${await folderKey(resolve(checkpoint.dir))} of ${name}`, what);
  }
  for (const path of Object.values(outputFiles(config))) {
    if (path === null || path === '-' || !isFile(path)) continue;
    const file = realPath(path);
    all.set(join(await folderKey(dirname(file)), basename(file)), path);
  }
  return all;
}

/** What tells a folder from others, whatever path or mount it is reached by. */
async function folderKey(path: string): Promise<string> {
  // Whoever opens it says what is wrong.
  await makeFolder(path).catch(() => {});
  return nodeKey(path);
}

/** By device and inode, as far as the path is there. */
function nodeKey(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return dirname(path) === path ? path : join(nodeKey(dirname(path)), basename(path));
  }
}

/** Whether a path is one of a file that is there or will be: any number of processes may write to a pipe or device. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  } catch {
    // Whoever opens it says what is wrong.
    return false;
  }
}

/** The path past all links, as far as it is there. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    return dirname(whole) === whole ? whole : join(realPath(dirname(whole)), basename(whole));
  }
}

function addressOf(key: string): string | null {
  const name = `millrace-${createHash('sha256').update(key).digest('hex')}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : null;
}

/** null where the system knows no such names, or lends none. */
async function hold(address: string | null, what: string): Promise<Server | null> {
  if (address === null) return null;
  const server = createServer((socket) => void socket.destroy());
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return null;
    throw new MillraceError('already-running', `another process is writing ${what}`);
  }
  // A run that is over is not kept alive by it.
  return server.unref();
}
