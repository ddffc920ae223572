// What somebody does who has just installed Millrace where nothing else is: asks for help, runs the demo, checks a configuration,
// looks at the live page.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { projectRoot } from '../tooling/source-files.ts';
import { bin, environment, installed, ownFolder, ownNode, packageFolder, type } from './user.ts';

const example = (name: string) => join(packageFolder, 'config', name);

it('tells its version and its commands', () => {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  expect(type('npx', 'millrace', '--version').stdout).toBe(`${version}\n`);
  const { status, stdout } = type('npx', 'millrace', '--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: millrace /);
  expect(stdout).toMatch(/^ {2}run .*learn, publish$/m);
});

it('learns in a thread of its own', () => {
  const set = ['--set', 'http=false', '--set', 'checkpoint=false', '--set', 'learningThread=true'];
  const { stdout, stderr } = type(
    'npx',
    'millrace',
    'run',
    '-c',
    example('demo.yaml'),
    '--samples',
    '300000',
    '--json',
    ...set,
  );
  // It would be said if none could start.
  expect({ stderr, samples: JSON.parse(stdout).samples }).toEqual({ stderr: '', samples: 300_000 });
});

it('runs the demo, keeps checkpoints where the user stands, and goes on from there', () => {
  rmSync(join(installed, 'checkpoints'), { recursive: true, force: true });
  const run = (samples: string) =>
    type('npx', 'millrace', 'run', '-c', example('demo.yaml'), '--samples', samples, '--set', 'http.port=0', '--json');
  const first = run('20000');
  expect(first.stderr).toContain('live page at http://127.0.0.1:');
  expect(JSON.parse(first.stdout)).toMatchObject({ samples: 20_000, learned: 20_000, rejected: 0 });
  expect(readdirSync(join(installed, 'checkpoints/demo'))).toEqual(['demo-000000000020000.safetensors']);
  expect(run('1000').stderr).toContain('going on from checkpoint');
});

it('reads an example with its data to the end, with the fast kernel', () => {
  const out = ownFolder();
  const files = [
    `source.file.path=${example('data/phishing.csv')}`,
    `predictions.file.path=${out}/predictions.ndjson`,
    `deadLetters.file.path=${out}/dead-letters.ndjson`,
    `checkpoint.dir=${out}/checkpoints`,
    'http=false',
  ].flatMap((assignment) => ['--set', assignment]);
  const { stdout, stderr } = type(
    ...(['npx', 'millrace', 'run', '-c', example('phishing.yaml'), ...files, '--stop-at-end', '--json'] as const),
  );
  expect(JSON.parse(stdout)).toMatchObject({ samples: 1250, learned: 1250 });
  expect(stderr).not.toContain('WebAssembly');
  expect(
    readFileSync(join(installed, out, 'predictions.ndjson'), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(1250);
});

it('checks a configuration, and says what is wrong with one', () => {
  const good = type('npx', 'millrace', 'lint', '-c', example('payments.yaml'));
  expect({ status: good.status, stderr: good.stderr }).toEqual({ status: 0, stderr: '' });
  const bad = type('npx', 'millrace', 'lint', '-c', example('demo.yaml'), '--set', 'model.batchSize=0');
  expect(bad.status).toBe(2);
  expect(bad.stderr).toContain('model.batchSize');
});

it('serves the live page, what draws its charts, and metrics, and ends well when told to', async () => {
  const set = ['http.port=0', `checkpoint.dir=${ownFolder()}`].flatMap((assignment) => ['--set', assignment]);
  const child = spawn(ownNode, [bin, 'run', '-c', example('demo.yaml'), ...set], {
    cwd: installed,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const address = () => /live page at (http:[^\s,]+)/.exec(stderr)?.[1] ?? '';
  await expect.poll(address, { timeout: 20_000 }).not.toBe('');
  for (const [path, text] of [
    ['', '<title>'],
    ['page/page.js', 'EventSource'],
    ['page/uplot.js', 'uPlot'],
    ['page/uplot.css', '.uplot'],
    ['metrics', 'millrace_'],
  ]) {
    const answer = await fetch(new URL(`${path}`, address()));
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    expect(await answer.text()).toContain(text);
  }
  child.kill('SIGTERM');
  await expect.poll(() => stderr, { timeout: 10_000 }).toMatch(/\ncheckpoint \S+[.]safetensors/);
});
