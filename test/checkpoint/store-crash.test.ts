// What no test inside one process can show: processes killed while they save, and folders that run out of space.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../src/checkpoint/store.ts';
import { checkpointOf } from './checkpoints.ts';
import { temporaryFolder } from './temporary-folder.ts';

const saveLoop = fileURLToPath(new URL('./save-loop.ts', import.meta.url));

/** A random moment from 0 to `limit` milliseconds; where in a save it falls is what varies. */
const randomMs = (limit: number): number => Math.random() * limit;

/** Runs the loop, kills it `afterMs` after its first save, and returns the last sequence it reported as saved. */
async function saveAndKill(dir: string, weights: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [saveLoop, dir, String(weights)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  await once(child.stdout, 'data');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(output).not.toContain('damaged');
  return Number(
    output
      .match(/saved (\d+)\n/g)
      ?.at(-1)
      ?.match(/\d+/)?.[0],
  );
}

describe('checkpoint store under fire', () => {
  it('holds a sound newest whenever the process is killed', { timeout: 60_000 }, async () => {
    const dir = temporaryFolder();
    let newest = 0;
    for (let kill = 0; kill < 30; kill += 1) {
      const reported = await saveAndKill(dir, 20_000, randomMs(60));
      const found = await createCheckpointStore({ dir, name: 'fraud', keep: 3 }).newest((path, why) => {
        throw new Error(`${path} was reported damaged: ${why}`);
      });
      expect(reported).toBeGreaterThan(newest);
      // A save may have ended without being able to say so any more, but never the other way round.
      expect(found?.sequence).toBeGreaterThanOrEqual(reported);
      newest = found?.sequence ?? 0;
      expect(found).toMatchObject(checkpointOf(newest, 20_000));
    }
    await createCheckpointStore({ dir, name: 'fraud', keep: 3 }).open();
    expect(readdirSync(dir).filter((fileName) => !fileName.endsWith('.safetensors'))).toEqual([]);
    expect(readdirSync(dir).length).toBeLessThanOrEqual(4);
  });

  it('says what it could not write, cleans up and keeps the one before', async () => {
    const dir = temporaryFolder();
    const store = createCheckpointStore({ dir, name: 'fraud', keep: 3 });
    await store.open();
    await store.save(checkpointOf(1));

    // A limit on the size of a file stops a write half-way, as a full disk does: 64 blocks of 1024 bytes.
    const command = 'ulimit -f 64; exec "$0" "$@"';
    const child = spawn('bash', ['-c', command, process.execPath, saveLoop, dir, '50000'], { stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(said).toContain("code: 'checkpoint-unwritable'");
    expect(said).toContain(`cannot write checkpoint ${join(dir, 'fraud-000000000000002.safetensors')}: EFBIG`);
    expect(said).toContain('check `checkpoint.dir`: its permissions and the free space');

    expect(readdirSync(dir)).toEqual(['fraud-000000000000001.safetensors']);
    expect((await store.newest(() => undefined))?.sequence).toBe(1);
  });
});
