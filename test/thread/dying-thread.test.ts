import { expect, it } from 'vitest';
import { runMillraceIn } from '../support/millrace-process.ts';

it('a run whose learning thread dies ends with an error that says so, though nothing else is going on', async () => {
  const env = { NODE_OPTIONS: `--import=${new URL('dying-thread.ts', import.meta.url)}` };
  const set = ['http=false', 'checkpoint=false', 'learningThread=true'].flatMap((value) => ['--set', value]);
  const run = ['run', '-c', 'config/demo.yaml', '--samples', '500000', ...set];
  expect(await runMillraceIn({ env }, ...run)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the learning thread has failed: it has ended with code 7'),
  });
});
