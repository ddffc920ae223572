import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holdAlone } from '../../../src/cli/run/sole-run.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { startMillraceIn } from '../../support/millrace-process.ts';
import { failureOf, temporaryFolder, write } from '../../system/support.ts';

const checked = process.platform === 'linux' || process.platform === 'win32';

/** A run that learns from its standard input and writes into the folder. */
function setUp() {
  const folder = temporaryFolder();
  const file = write(
    folder,
    'run.yaml',
    [
      'name: alone',
      'source: { file: { path: "-", format: ndjson } }',
      `predictions: { file: { path: "${join(folder, 'predictions.ndjson')}" } }`,
      `checkpoint: { dir: "${join(folder, 'checkpoints')}" }`,
      'schema: { features: [a], target: { from: label, type: binary } }',
      'http: false',
    ].join('\n'),
  );
  const hold = async (...set: string[]) => {
    const held = await holdAlone(loadConfig({ file, set, environment: {} }));
    onTestFinished(() => held.release());
    return held;
  };
  return { folder, file, hold };
}

describe.runIf(checked)('a run over files', () => {
  it('is alone until its process ends, whatever that dies of', async () => {
    const { folder, file, hold } = setUp();
    const first = startMillraceIn({ leaveStdin: true }, 'run', '-c', file);
    await expect.poll(() => existsSync(join(folder, 'predictions.ndjson')), { timeout: 20_000 }).toBe(true);
    const second = await startMillraceIn({}, 'run', '-c', file, '--json').finished;
    const { code, text } = failureOf(second);
    expect(code).toBe(1);
    expect(text).toContain(`another process is writing the checkpoints of 'alone' in ${join(folder, 'checkpoints')}`);
    expect(text).toContain('[already-running]');
    first.child.kill('SIGKILL');
    await first.finished;
    await hold();
  });

  it('shares neither checkpoints nor an output, by whatever path, and lets go of them', async () => {
    const { folder, hold } = setUp();
    const held = await hold();
    symlinkSync(join(folder, 'checkpoints'), join(folder, 'link'));
    const elsewhere = `predictions.file.path=${join(folder, 'other.ndjson')}`;
    const same = { code: 'already-running' };
    await expect(hold(elsewhere)).rejects.toMatchObject(same);
    await expect(hold(elsewhere, `checkpoint.dir=${join(folder, 'link')}`)).rejects.toMatchObject(same);
    await expect(hold('checkpoint=false')).rejects.toMatchObject(same);
    // What a refused one had taken already is free again.
    const apart = await hold(elsewhere, 'name=another');
    await apart.release();
    await held.release();
    await hold();
  });

  it('knows a folder by what it is, not by where it is: mounts show one at two paths, and two at one', async () => {
    const { folder, hold } = setUp();
    const [here, there] = [join(folder, 'here'), join(folder, 'there')];
    const checkpointsIn = (place: string) => `checkpoint.dir=${join(place, 'checkpoints')}`;
    const predictionsIn = (place: string) => `predictions.file.path=${join(place, 'predictions.ndjson')}`;
    mkdirSync(here);
    await hold(checkpointsIn(here), predictionsIn(here));
    renameSync(here, there);
    const same = { code: 'already-running' };
    await expect(hold(checkpointsIn(there), predictionsIn(folder))).rejects.toMatchObject(same);
    await expect(hold('checkpoint=false', predictionsIn(there))).rejects.toMatchObject(same);
    await hold(checkpointsIn(here), predictionsIn(here));
  });

  it.each(['/dev/null', '-'])('shares %s, which is no file', async (path) => {
    const { hold } = setUp();
    for (let times = 0; times < 2; times++) await hold('checkpoint=false', `predictions.file.path=${path}`);
  });
});
