// Watches the checkpoints of a configuration: loads the newest as soon as it is there, without opening the files as long as
// nothing in the folder has changed.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { MillraceError, messageOf } from '../../errors.ts';
import { say } from '../console.ts';
import { type FrozenModel, loadFrozenModel } from '../predict/frozen-model.ts';

/** A model, and when its checkpoint was saved. */
export interface WatchedModel extends FrozenModel {
  readonly savedAtMs: number;
  /** Size of the file. */
  readonly bytes: number;
}

export interface CheckpointWatch {
  /**
   * The newest model if it is another than the last one given, else null. While there is none yet it gives null; once one
   * was given, one that cannot be loaded is told of and the last one stays. Throws MillraceError where the first cannot.
   */
  look(): Promise<WatchedModel | null>;
}

/** A watch that has given nothing yet; `dir` is the folder of the configuration's checkpoints. */
export function createCheckpointWatch(config: Config, dir: string): CheckpointWatch {
  let seen = '';
  let given: string | null = null;
  return {
    async look() {
      const listing = await listingOf(dir);
      if (listing === seen) return null;
      seen = listing;
      try {
        const model = await loadFrozenModel(config, undefined);
        const { mtimeMs, size } = await stat(model.path);
        if (`${model.path} ${mtimeMs}` === given) return null;
        given = `${model.path} ${mtimeMs}`;
        return { ...model, savedAtMs: mtimeMs, bytes: size };
      } catch (error) {
        const isMissing = error instanceof MillraceError && error.code === 'checkpoint-missing';
        if (given === null && !isMissing) throw error;
        if (given !== null) say(`still serving ${given.split(' ')[0]}: ${messageOf(error)}`);
        return null;
      }
    },
  };
}

/** Names and times of the checkpoints in a folder; empty where there is none. */
async function listingOf(dir: string): Promise<string> {
  const names = await readdir(dir).catch(() => []);
  const lines = names
    .filter((name) => name.endsWith('.safetensors'))
    .sort()
    .map(async (name) => {
      const info = await stat(join(dir, name)).catch(() => null);
      return `${name} ${info?.mtimeMs}`;
    });
  return (await Promise.all(lines)).join('\n');
}
