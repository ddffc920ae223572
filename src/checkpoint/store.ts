// Checkpoints as files of one folder, the newest few of each model kept. Whatever happens while one is saved,
// the newest sound one before it stays; a damaged file is reported, left where it is and passed over.

import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError, messageOf } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { Checkpoint, CheckpointStore, LoadedCheckpoint, SavedCheckpoint } from '../pipeline/ports.ts';
import { writeAtomically } from './atomic-write.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.ts';
import { createFileNames, type FileNames } from './file-names.ts';

export interface CheckpointStoreOptions {
  /** The folder; created by `open`. One process at a time may write the checkpoints of one name in it. */
  readonly dir: string;
  /** The model's name: the files of others in the folder are neither read nor removed. */
  readonly name: string;
  /** How many of the newest are kept, at least 1. */
  readonly keep: number;
  /** Waited for when a checkpoint is written and not yet given its name: where tests let a process die. */
  readonly beforeRename?: () => Promise<void> | void;
}

interface Folder extends CheckpointStoreOptions {
  readonly names: FileNames;
  /** Sequences of the files that `newest` passed over: evidence, neither counted nor removed by this process. */
  readonly damaged: Set<number>;
}

/**
 * A store of one model's checkpoints. `open` and `save` throw MillraceError('checkpoint-unwritable') with the path and
 * the cause; `newest` throws it only where the folder itself cannot be listed. Saving a sequence again replaces its file.
 */
export function createCheckpointStore(options: CheckpointStoreOptions): CheckpointStore {
  if (!Number.isInteger(options.keep) || options.keep < 1)
    throw new RangeError('keep must be an integer of at least 1');
  const folder: Folder = { ...options, names: createFileNames(options.name), damaged: new Set() };
  return {
    open: () => openFolder(folder),
    save: (checkpoint) => saveCheckpoint(folder, checkpoint),
    newest: (onPassedOver, refusal) => newestCheckpoint(folder, onPassedOver, refusal),
  };
}

/** The checkpoint in a file. Throws MillraceError('checkpoint-damaged') naming the file and what is wrong with it. */
export async function loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
  try {
    return { path, ...decodeCheckpoint(await readFile(path)) };
  } catch (error) {
    throw new MillraceError('checkpoint-damaged', `cannot load checkpoint ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function openFolder({ dir, names }: Folder): Promise<void> {
  try {
    await makeFolder(dir);
    const stale = (await readdir(dir)).filter(names.isTemporary);
    await Promise.all(stale.map((fileName) => rm(join(dir, fileName), { force: true })));
    const probe = join(dir, names.temporary(0, tag()));
    await writeAtomically(probe, probe, new Uint8Array(1));
    await rm(probe, { force: true });
  } catch (error) {
    throw unwritable(`cannot keep checkpoints in ${dir}`, error);
  }
}

async function saveCheckpoint(folder: Folder, checkpoint: Checkpoint): Promise<SavedCheckpoint> {
  const { dir, names, damaged } = folder;
  const { sequence } = checkpoint;
  if (!Number.isSafeInteger(sequence) || sequence < 0) throw new RangeError(`${sequence} is not a sequence`);
  const startedAt = performance.now();
  const path = join(dir, names.checkpoint(sequence));
  const bytes = encodeCheckpoint(checkpoint);
  try {
    await writeAtomically(path, join(dir, names.temporary(sequence, tag())), bytes, folder.beforeRename);
  } catch (error) {
    throw unwritable(`cannot write checkpoint ${path}`, error);
  }
  damaged.delete(sequence);
  await removeOld(folder, sequence);
  return { path, bytes: bytes.length, durationMs: performance.now() - startedAt };
}

/** Removes what is beyond `keep`. Later sequences than the one just saved are not sound ones of this run: left alone. */
async function removeOld({ dir, names, keep, damaged }: Folder, saved: number): Promise<void> {
  const files = await listCheckpoints(dir, names).catch(() => []);
  const counted = files.filter(({ sequence }) => sequence <= saved && !damaged.has(sequence));
  // A file that cannot be removed now costs space, nothing else; the next save tries again.
  await Promise.allSettled(counted.slice(keep).map(({ path }) => rm(path, { force: true })));
}

async function newestCheckpoint(
  { dir, names, damaged }: Folder,
  onPassedOver: (path: string, why: string) => void,
  refusal: (found: LoadedCheckpoint) => Promise<string | null> = async () => null,
): Promise<LoadedCheckpoint | null> {
  for (const { path, sequence } of await listCheckpoints(dir, names)) {
    const found = await load(path, sequence);
    const why = typeof found === 'string' ? found : await refusal(found);
    if (typeof found !== 'string' && why === null) return found;
    damaged.add(sequence);
    onPassedOver(path, why ?? '');
  }
  return null;
}

/** The checkpoint in the file of a sequence, or that it is damaged, and how. */
async function load(path: string, sequence: number): Promise<LoadedCheckpoint | string> {
  try {
    const checkpoint = decodeCheckpoint(await readFile(path));
    if (checkpoint.sequence === sequence) return { path, ...checkpoint };
    return `is damaged (it holds sequence ${checkpoint.sequence}, not that of its name)`;
  } catch (error) {
    return `is damaged (${messageOf(error)})`;
  }
}

/** This model's checkpoint files, newest first; none where there is no folder. */
async function listCheckpoints(dir: string, names: FileNames): Promise<{ path: string; sequence: number }[]> {
  let fileNames: string[];
  try {
    fileNames = await readdir(dir);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw unwritable(`cannot list the checkpoints in ${dir}`, error);
  }
  return fileNames
    .flatMap((fileName) => {
      const sequence = names.sequenceOf(fileName);
      return sequence === null ? [] : [{ path: join(dir, fileName), sequence }];
    })
    .sort((a, b) => b.sequence - a.sequence);
}

function tag(): string {
  return randomBytes(4).toString('hex');
}

function unwritable(what: string, cause: unknown): MillraceError {
  const remedy = 'check `checkpoint.dir`: its permissions and the free space';
  return new MillraceError('checkpoint-unwritable', `${what}: ${messageOf(cause)}; ${remedy}`, { cause });
}
