// What stderr is like: text for people, coloured on a terminal alone; JSON lines with `--log json`; help that helps.

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../../src/cli/program.ts';
import { main, root, runMillrace, runMillraceIn } from '../support/millrace-process.ts';
import { settings, temporaryFolder } from './support.ts';

const line = z.looseObject({
  level: z.enum(['info', 'warn', 'error', 'fatal']),
  time: z.iso.datetime(),
  name: z.literal('millrace'),
  msg: z.string(),
});

function logLines(stderr: string) {
  return stderr
    .trimEnd()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)));
}

const phishing = ['-c', 'config/phishing.yaml', ...settings('predictions.file.path=/dev/null')];

describe('`--log json`', { timeout: 60_000 }, () => {
  it('makes each line of stderr one JSON object, of transitions and not of samples', async () => {
    const folder = temporaryFolder();
    const run = ['run', ...phishing, ...settings(`checkpoint.dir=${folder}`, 'deadLetters.file.path=/dev/null')];
    expect((await runMillrace(...run, '--samples', '700', '--log', 'json')).code).toBe(0);
    const { code, stdout, stderr } = await runMillrace(...run, ...settings('http.port=0'), '--log', 'json', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).samples).toBe(550);
    const lines = logLines(stderr);
    expect(lines.map(({ level }) => level)).toEqual(lines.map(() => 'info'));
    expect(lines.map(({ msg }) => msg).join('\n')).toMatch(
      /metrics at http[\s\S]*going on from checkpoint .*: 700 records/,
    );
    expect(lines.length).toBeLessThan(6);
  });

  it('tells a failure with its code and what to do, and can be set by MILLRACE_LOG', async () => {
    const { code, stderr } = await runMillraceIn({ env: { MILLRACE_LOG: 'json' } }, 'lint', '-c', '/nowhere.yaml');
    expect(code).toBe(2);
    const lines = logLines(stderr);
    expect(lines).toMatchObject([
      { level: 'error', code: 'config-unreadable', remedy: expect.stringContaining('`-c`') },
    ]);
    expect(lines[0].msg).toContain('/nowhere.yaml');
  });

  it('takes no other format', async () => {
    const { code, stderr } = await runMillrace('lint', ...phishing, '--log', 'xml');
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are text, json');
  });
});

const canScript = spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0;
if (!canScript) console.warn('SKIPPED: no `script` is here to make a pseudo-terminal with');

describe('colours', { timeout: 60_000 }, () => {
  const failing = ['lint', '-c', '/nowhere.yaml'];
  const onTerminal = (env: Readonly<Record<string, string>>): string => {
    // Node takes a terminal under CI for one without colours.
    const { NO_COLOR: _no, FORCE_COLOR: _force, CI: _ci, ...inherited } = process.env;
    const command = [process.execPath, main, ...failing].map((word) => `'${word}'`).join(' ');
    const surroundings = { ...inherited, TERM: 'xterm-256color', ...env };
    return spawnSync('script', ['-qec', command, '/dev/null'], { cwd: root, env: surroundings, encoding: 'utf8' })
      .stdout;
  };

  it.skipIf(!canScript)('are on a terminal, and not with NO_COLOR', () => {
    expect(onTerminal({})).toContain('\u001b[31merror:\u001b[39m cannot read');
    const plain = onTerminal({ NO_COLOR: '1' });
    expect(plain).toContain('error: cannot read');
    expect(plain).not.toContain('\u001b');
  });

  it('are never in a pipe, not even by FORCE_COLOR', async () => {
    const { stderr } = await runMillraceIn({ env: { FORCE_COLOR: '1' } }, ...failing);
    expect(stderr).toContain('error: cannot read');
    expect(stderr).not.toContain('\u001b');
  });
});

describe('help', { timeout: 60_000 }, () => {
  it('names the nearest command and option for a mistyped one', async () => {
    const command = await runMillrace('inspct', 'x');
    expect(command).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean inspect?') });
    const option = await runMillrace('lint', ...phishing, '--jsom');
    expect(option).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean --json?') });
  });

  it('ends with an example for each command, made of options that it has', async () => {
    const program = createProgram();
    for (const command of program.commands) {
      const { code, stdout } = await runMillrace(command.name(), '--help');
      expect(code).toBe(0);
      const examples = [...stdout.matchAll(/^ {2}\$ millrace (\S+)(.*)$/gm)];
      expect(examples.length, command.name()).toBeGreaterThan(0);
      for (const [, name, rest] of examples) {
        expect(name).toBe(command.name());
        const known = command.options.flatMap(({ short, long }) => [short, long]);
        for (const [flag] of rest.matchAll(/(?<= )--?[a-z][a-z-]*/g)) expect(known).toContain(flag);
      }
    }
  });
});
