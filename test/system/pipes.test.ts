// Standard input and output as ends of a pipe: records in, predictions out, and readers that go away early.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, runMillraceIn, startMillraceIn } from '../support/millrace-process.ts';
import { failureOf, resultOf, settings, temporaryFolder } from './support.ts';

const payments = readFileSync(join(root, 'config/data/payments.ndjson'), 'utf8');

/** The payments example, its dead letters in a folder of the test. */
function paymentsArgs(): string[] {
  return ['run', '-c', 'config/payments.yaml', ...settings(`deadLetters.file.path=${temporaryFolder()}/dead.ndjson`)];
}

describe('standard input', () => {
  it('gives the predictions and weights of a file with the same records', async () => {
    const piped = await runMillraceIn({ stdin: payments }, ...paymentsArgs());
    const fromFile = await runMillraceIn(
      {},
      ...paymentsArgs(),
      '--set',
      'source.file.path=config/data/payments.ndjson',
    );
    expect(piped.code, piped.stderr).toBe(0);
    expect(piped.stdout).toBe(fromFile.stdout);
    const digest = /weights ([0-9a-f]{64})/;
    expect(digest.exec(piped.stderr)?.[1]).toBe(digest.exec(fromFile.stderr)?.[1]);
  });

  it('takes CSV where it is told so, and ends at the end of an empty one', async () => {
    const stdin = readFileSync(join(root, 'config/data/phishing.csv'), 'utf8');
    const set = settings('source.file={path: "-", format: csv}', 'predictions.file.path=/dev/null');
    const args = ['run', '-c', 'config/phishing.yaml', ...set, '--set', 'deadLetters.file.path=/dev/null', '--json'];
    expect(resultOf(await runMillraceIn({ stdin }, ...args))).toMatchObject({ samples: 1250, learned: 1250 });
    const { code, text } = failureOf(await runMillraceIn({ stdin: '' }, ...args));
    expect(code).toBe(1);
    expect(text).toContain('standard input is empty: a CSV input needs a header line');
  });
});

describe('standard input that falls silent', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('holds up neither the predictions nor %s', async (signal) => {
    const { child, finished } = startMillraceIn({ leaveStdin: true, leaveStdout: true }, ...paymentsArgs());
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      stdout += part;
    });
    const [first, second] = payments.split('\n');
    // The second record is not whole: it is not learnt from, whatever it looks like.
    child.stdin?.write(`${first}\n${second}`);
    await expect.poll(() => stdout, { timeout: 20_000, interval: 20 }).toMatch(/^\{"prediction".*\}\n$/);
    child.kill(signal);
    const { code, stderr } = await finished;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('1 records in');
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

describe('a reader that goes away', () => {
  it('as `| head` does ends the run with a message', async () => {
    const running = startMillraceIn({ stdin: payments.repeat(100), leaveStdout: true }, ...paymentsArgs());
    running.child.stdout?.once('data', () => running.child.stdout?.destroy());
    const { code, text } = failureOf(await running.finished);
    expect(code).toBe(1);
    expect(text).toContain('Cannot write to standard output: its reader has gone (EPIPE)');
  });

  it.each([
    ['lint', '-c', 'config/payments.yaml'],
    [
      'run',
      '-c',
      'config/demo.yaml',
      '--samples',
      '3000',
      '--set',
      'http=false',
      '--set',
      'checkpoint=false',
      '--json',
    ],
  ])('before the result of `%s` came is told so', async (...args) => {
    const running = startMillraceIn({ leaveStdout: true }, ...args);
    running.child.stdout?.destroy();
    const { code, text } = failureOf(await running.finished);
    expect(code).toBe(1);
    expect(text).toMatch(/the result cannot be written to standard output: .*EPIPE/);
  });
});
