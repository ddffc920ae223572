import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../src/checkpoint/store.ts';
import { checkpointOf } from './checkpoints.ts';
import { temporaryFolder } from './temporary-folder.ts';

const none = (path: string, why: string): void => {
  throw new Error(`${path} was reported damaged: ${why}`);
};

/** A store in a new folder, opened. */
async function openStore(keep = 3, name = 'fraud') {
  const dir = temporaryFolder();
  const store = createCheckpointStore({ dir, name, keep });
  await store.open();
  return { dir, store };
}

/** What `newest` finds, and which files it passed over. */
async function search(dir: string, name = 'fraud') {
  const damaged: { path: string; why: string }[] = [];
  const store = createCheckpointStore({ dir, name, keep: 3 });
  const found = await store.newest((path, why) => damaged.push({ path, why }));
  return { found, damaged };
}

describe('checkpoint store', () => {
  it('has nothing to give before the first save', async () => {
    const { store } = await openStore();
    expect(await store.newest(none)).toBeNull();
  });

  it('gives back the newest, whole', async () => {
    const { dir, store } = await openStore();
    const meta = { counts: { learned: 7 }, marks: { predictions: null }, text: 'naïve "x"', rate: 0.1 };
    const saved = await store.save({ ...checkpointOf(99_999), meta });
    await store.save(checkpointOf(8));
    expect(await search(dir)).toEqual({ found: { ...checkpointOf(99_999), meta, path: saved.path }, damaged: [] });
    expect(saved.path).toBe(join(dir, 'fraud-000000000099999.safetensors'));
    expect(saved.bytes).toBe(readFileSync(saved.path).length);
    expect(saved.durationMs).toBeGreaterThan(0);
  });

  it('keeps the newest few and nothing else', async () => {
    const { dir, store } = await openStore(2);
    for (const sequence of [1, 2, 3, 4]) await store.save(checkpointOf(sequence));
    expect(readdirSync(dir).sort()).toEqual(['fraud-000000000000003.safetensors', 'fraud-000000000000004.safetensors']);
  });

  it('may save a sequence again', async () => {
    const { dir, store } = await openStore();
    await store.save(checkpointOf(5));
    await store.save({ ...checkpointOf(5), meta: { again: true } });
    expect(readdirSync(dir)).toHaveLength(1);
    expect((await store.newest(none))?.meta).toEqual({ again: true });
  });

  it('sees only files of its own name', async () => {
    const dir = temporaryFolder();
    const names = ['a', 'a-b', 'a.b', 'axb', 'a/b', 'a-000000000000009', '../a', '', '.a', 'A', 'ä', 'x'.repeat(400)];
    for (const [index, name] of names.entries()) {
      const store = createCheckpointStore({ dir, name, keep: 1 });
      await store.open();
      await store.save(checkpointOf(index + 1));
    }
    expect(readdirSync(dir)).toHaveLength(names.length);
    for (const [index, name] of names.entries()) {
      expect((await search(dir, name)).found?.sequence).toBe(index + 1);
    }
  });

  it('finds every truncation, says so and takes the one before', async () => {
    const { dir, store } = await openStore();
    await store.save(checkpointOf(1));
    const { path, bytes } = await store.save(checkpointOf(2));
    for (let length = bytes - 1; length >= 0; length -= 1) {
      await truncate(path, length);
      const { found, damaged } = await search(dir);
      expect(found?.sequence).toBe(1);
      expect(damaged.map((file) => file.path)).toEqual([path]);
      expect(damaged[0].why).toMatch(length === 0 ? /empty/ : /cut off|not JSON|not a multiple|SHA-256/);
    }
    expect(readdirSync(dir)).toHaveLength(2);
  });

  it('finds any flipped bit', async () => {
    const { dir, store } = await openStore();
    await store.save(checkpointOf(1));
    const { path } = await store.save(checkpointOf(2));
    const sound = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sound.length * 8 - 1 }), async (bit) => {
        const flipped = Uint8Array.from(sound);
        flipped[bit >> 3] ^= 1 << (bit & 7);
        writeFileSync(path, flipped);
        const { found, damaged } = await search(dir);
        expect(found?.sequence).toBe(1);
        expect(damaged).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('passes over what is no checkpoint at all', async () => {
    const { dir, store } = await openStore();
    const { path } = await store.save(checkpointOf(1));
    writeFileSync(join(dir, 'fraud-000000000000003.safetensors'), readFileSync(path));
    await mkdir(join(dir, 'fraud-000000000000004.safetensors'));
    writeFileSync(join(dir, 'fraud-000000000000005.safetensors'), 'hello, world, said the file');
    writeFileSync(join(dir, 'fraud-6.safetensors'), 'not named like one');
    const { found, damaged } = await search(dir);
    expect(found?.sequence).toBe(1);
    expect(damaged.map(({ why }) => why)).toEqual([
      expect.stringMatching(/header/),
      expect.stringMatching(/EISDIR/),
      'is damaged (it holds sequence 1, not that of its name)',
    ]);
  });

  it('passes over what there is a reason against, and does not count it among those kept', async () => {
    const { dir, store } = await openStore(2);
    for (const sequence of [1, 2, 3]) await store.save(checkpointOf(sequence));
    const passedOver: string[] = [];
    const found = await store.newest(
      (path, why) => passedOver.push(`${basename(path)} ${why}`),
      async ({ sequence }) => (sequence > 2 ? 'is of a commit that was lost' : null),
    );
    expect(found?.sequence).toBe(2);
    expect(passedOver).toEqual(['fraud-000000000000003.safetensors is of a commit that was lost']);
    await store.save(checkpointOf(4));
    expect(readdirSync(dir).map((name) => Number(/\d+/.exec(name)?.[0]))).toEqual([2, 3, 4]);
  });

  it('tells a newer format from damage', async () => {
    const { dir, store } = await openStore();
    const { path } = await store.save(checkpointOf(1));
    writeFileSync(
      path,
      readFileSync(path, 'latin1').replace('millrace-checkpoint/1', 'millrace-checkpoint/2'),
      'latin1',
    );
    const { found, damaged } = await search(dir);
    expect(found).toBeNull();
    expect(damaged[0].why).toBe(
      'is damaged (it was written by a newer Millrace, in format millrace-checkpoint/2, and this Millrace reads millrace-checkpoint/1)',
    );
  });

  it('keeps sound checkpoints while damaged ones lie above them', async () => {
    const { dir, store } = await openStore(1);
    await store.save(checkpointOf(10));
    const damagedPath = join(dir, 'fraud-000000000000020.safetensors');
    writeFileSync(damagedPath, 'damaged');
    expect((await store.newest(() => undefined))?.sequence).toBe(10);
    await store.save(checkpointOf(15));
    expect((await search(dir)).found?.sequence).toBe(15);
    await store.save(checkpointOf(25));
    expect(readdirSync(dir).sort()).toEqual(['fraud-000000000000020.safetensors', 'fraud-000000000000025.safetensors']);
  });

  it('clears what a crash left half-written, of its own name only', async () => {
    const dir = temporaryFolder();
    const own = 'fraud-000000000000007.safetensors.tmp-00c0ffee';
    const other = 'fraud-x-000000000000007.safetensors.tmp-00c0ffee';
    for (const fileName of [own, other]) writeFileSync(join(dir, fileName), 'half');
    await createCheckpointStore({ dir, name: 'fraud', keep: 1 }).open();
    expect(readdirSync(dir)).toEqual([other]);
  });

  it('says at the start that a folder cannot be written', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const dir = join(file, 'checkpoints');
    const store = createCheckpointStore({ dir, name: 'fraud', keep: 1 });
    await expect(store.open()).rejects.toMatchObject({
      code: 'checkpoint-unwritable',
      message: expect.stringMatching(new RegExp(`^cannot keep checkpoints in ${dir}: EEXIST.*check .checkpoint.dir.`)),
    });
  });

  it.skipIf(process.getuid?.() === 0)('says at the start that permissions are missing', async () => {
    const dir = temporaryFolder();
    await chmod(dir, 0o500);
    await expect(createCheckpointStore({ dir, name: 'fraud', keep: 1 }).open()).rejects.toThrow(/EACCES/);
  });

  it('never removes what it has just saved, though later sequences are there', async () => {
    const { dir, store } = await openStore(1);
    await store.save(checkpointOf(50));
    await store.save(checkpointOf(40));
    expect(readdirSync(dir)).toHaveLength(2);
  });
});
