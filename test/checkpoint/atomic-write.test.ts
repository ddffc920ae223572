import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAtomically } from '../../src/checkpoint/atomic-write.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('writing a file all or not at all', () => {
  it('replaces what was there, and leaves no other file', async () => {
    const dir = temporaryFolder();
    const path = join(dir, 'a');
    for (const text of ['first', 'second']) {
      await writeAtomically(path, join(dir, 'a.tmp'), Buffer.from(text));
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    expect(readdirSync(dir)).toEqual(['a']);
  });

  it('leaves everything as it was where it cannot be done', async () => {
    const dir = temporaryFolder();
    await mkdir(join(dir, 'taken'));
    await expect(writeAtomically(join(dir, 'taken'), join(dir, 'x.tmp'), Buffer.from('x'))).rejects.toThrow();
    expect(readdirSync(dir)).toEqual(['taken']);
    await expect(writeAtomically(join(dir, 'no', 'a'), join(dir, 'no', 'a.tmp'), Buffer.from('x'))).rejects.toThrow(
      /ENOENT/,
    );
    writeFileSync(join(dir, 'b.tmp'), 'of another writer');
    await expect(writeAtomically(join(dir, 'b'), join(dir, 'b.tmp'), Buffer.from('x'))).rejects.toThrow(/EEXIST/);
    expect(readdirSync(dir)).not.toContain('b');
  });
});
