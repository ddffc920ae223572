// The line that a terminal shows while a run goes on, through a real pseudo-terminal; and its absence where there is none.

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { main, root, startMillrace } from '../support/millrace-process.ts';
import { checkpointsIn, settings, temporaryFolder } from './support.ts';

const python = 'import os, pty, sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", sys.argv[1]])))';

/** Ways to give a shell command a terminal of its own: util-linux's `script`, or Python's pty module. */
const ways = [
  { program: 'script', args: (command: string) => ['-qec', command, '/dev/null'] },
  { program: 'python3', args: (command: string) => ['-c', python, command] },
];
const way = ways.find(({ program }) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0);
if (!way) console.warn('SKIPPED: neither `script` nor python3 is here to make a pseudo-terminal with');

interface Terminal {
  /** Everything that the terminal has been sent. */
  text(): string;
  type(text: string): void;
  readonly exitCode: Promise<number | null>;
}

let close: () => void = () => {};
afterEach(() => close());

/** Starts millrace on a terminal so many characters wide. */
function startOnTerminal(columns: number, ...args: string[]): Terminal {
  const quoted = [process.execPath, main, ...args].map((arg) => `'${arg}'`).join(' ');
  const child = spawn(way?.program ?? '', way?.args(`stty cols ${columns} rows 24; exec ${quoted}`) ?? [], {
    cwd: root,
  });
  close = () => child.kill('SIGKILL');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return {
    text: () => text,
    type: (typed) => child.stdin.write(typed),
    exitCode: new Promise((resolve) => child.once('close', resolve)),
  };
}

/** The demo, with its port free and its checkpoints in a folder. */
function demo(folder: string): string[] {
  return ['run', '-c', 'config/demo.yaml', ...settings('http.port=0', `checkpoint.dir=${folder}`)];
}

describe.skipIf(!way)('on a terminal', { timeout: 60_000 }, () => {
  it('shows one line that tells how the run goes; Ctrl-C ends it with a checkpoint', async () => {
    const folder = temporaryFolder();
    const terminal = startOnTerminal(160, ...demo(folder));
    const line =
      /live · [\d,]+ samples · [1-9][\d,]*\/s · loss \d\.\d{4} \(baseline \d\.\d{4}\) · accuracy [\d.]+ % \(baseline [\d.]+ %\) · step [1-9][\d,]*/;
    await expect.poll(() => terminal.text(), { timeout: 20_000, interval: 50 }).toMatch(line);
    expect(terminal.text()).toMatch(/millrace: live page at \S+, metrics at http:\/\/127\.0\.0\.1:\d+\/metrics/);
    terminal.type('\u0003');
    expect(await terminal.exitCode).toBe(0);
    const end = terminal.text();
    expect(end).toContain('SIGINT: finishing what is in flight; once more leaves at once');
    expect(end).toMatch(/\d+ records in [\d.]+ s .*\r\nprequential: loss .*\r\nbaseline: /);
    expect(checkpointsIn(folder)).toHaveLength(1);
    expect(end).toContain(`checkpoint ${join(folder, 'demo-')}`);
    // Drawn over in place, and gone at the end.
    expect(end).not.toMatch(/step [\d,]+\r?\n/);
  });

  it('fits all of it into 80 columns', async () => {
    const terminal = startOnTerminal(80, ...demo(temporaryFolder()));
    const line =
      /\[K([\d.K]+ samples, [1-9][\d.K]*\/s, loss \d\.\d+ vs \d\.\d+, accuracy [\d.]+ vs [\d.]+ %, step [\d.K]+)[\r\n]/;
    await expect.poll(() => terminal.text(), { timeout: 20_000, interval: 50 }).toMatch(line);
    expect(line.exec(terminal.text())?.[1].length).toBeLessThan(80);
    terminal.type('\u0003');
    expect(await terminal.exitCode).toBe(0);
  });
});

describe('where stderr is no terminal', () => {
  it('shows no such line', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    const { child, stderr, finished } = startMillrace(...demo(folder), ...settings('checkpoint.everyMs=300'));
    await expect.poll(() => stderr(), { timeout: 20_000, interval: 50 }).toContain('metrics at http://127.0.0.1:');
    await expect.poll(() => checkpointsIn(folder).length, { timeout: 20_000, interval: 50 }).toBeGreaterThan(1);
    child.kill('SIGINT');
    expect((await finished).code).toBe(0);
    for (const drawn of ['\u001b', '\r', '· step']) expect(stderr()).not.toContain(drawn);
    // The metrics' address, the signal, and the result.
    expect(stderr().trimEnd().split('\n')).toHaveLength(7);
  });
});
