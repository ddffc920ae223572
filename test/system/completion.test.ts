// `millrace completion` in the shells themselves: keys typed at a real prompt complete commands, options and files.

import { spawn, spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { root, runMillrace } from '../support/millrace-process.ts';
import { temporaryFolder, write } from './support.ts';

function isHere(program: string): boolean {
  const found = spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
  if (!found) console.warn(`SKIPPED: ${program} is not here to complete with`);
  return found;
}

const [script, bash, zsh, fish] = ['script', 'bash', 'zsh', 'fish'].map(isHere);

async function scriptFor(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runMillrace('completion', shell);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return write(temporaryFolder(), `completion.${shell}`, stdout);
}

let close: () => void = () => {};
afterEach(() => close());

/** A prompt of an interactive shell on a terminal of its own, where `type` types and `text` is what is seen. */
function openPrompt(command: string) {
  const env = { ...process.env, TERM: 'dumb', PS1: '$ ' };
  const child = spawn('script', ['-qec', `stty cols 200; exec ${command}`, '/dev/null'], { cwd: root, env });
  close = () => child.kill('SIGKILL');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return { text: () => text, type: (keys: string) => child.stdin.write(keys) };
}

/** What is typed before Tab, and what stands there after it. */
const cases: [typed: string, completed: string][] = [
  ['millrace insp', 'millrace inspect '],
  ['millrace comp', 'millrace completion '],
  ['millrace help ver', 'millrace help verify '],
  ['millrace run --st', 'millrace run --stop-at-end '],
  ['millrace predict --dead', 'millrace predict --dead-letters '],
  ['millrace predict --format nd', 'millrace predict --format ndjson '],
  ['millrace produce --synthetic fri', 'millrace produce --synthetic friedman '],
  ['millrace lint -c config/digi', 'millrace lint -c config/digits.yaml '],
  ['millrace inspect READ', 'millrace inspect README.md '],
  ['millrace completion fi', 'millrace completion fish '],
];

async function completesAtPrompt(prompt: ReturnType<typeof openPrompt>, source: string): Promise<void> {
  const see = (words: string) => expect.poll(prompt.text, { timeout: 20_000, interval: 20 }).toContain(words);
  // The answer is not in what is typed, so that its echo does not pass for it.
  prompt.type(`${source} && echo it-is-$((40 + 2))\n`);
  await see('it-is-42');
  for (const [typed, completed] of cases) {
    prompt.type(`${typed}\t`);
    await see(completed);
    prompt.type('\u0015');
  }
}

describe('millrace completion', { timeout: 60_000 }, () => {
  it.skipIf(!script || !bash)('completes in bash', async () => {
    const path = await scriptFor('bash');
    await completesAtPrompt(openPrompt('bash --norc --noprofile -i'), `source ${path}`);
  });

  it.skipIf(!script || !zsh)('completes in zsh', async () => {
    const path = await scriptFor('zsh');
    const source = `autoload -U compinit && compinit -u -d ${path}.dump && source ${path}`;
    await completesAtPrompt(openPrompt('zsh -f -i'), source);
  });

  it.skipIf(!fish)('completes in fish', async () => {
    const path = await scriptFor('fish');
    for (const [typed, completed] of cases) {
      const { stdout } = spawnSync('fish', ['-c', `source ${path}; complete -C '${typed}'`], {
        cwd: root,
        encoding: 'utf8',
      });
      const word = completed.trimEnd().split(' ').at(-1);
      expect(stdout.split('\n').map((line) => line.split('\t')[0])).toContain(word);
    }
  });

  it('knows every command and option there is', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout } = await runMillrace('completion', shell);
      for (const command of createProgram().commands) {
        expect(stdout).toContain(command.name());
        for (const { long } of command.options) {
          const spelt = shell === 'fish' ? `-l ${long?.slice(2)}` : long;
          expect(stdout, `${command.name()} in ${shell}`).toContain(spelt);
        }
      }
    }
  });

  it('has no script for other shells', async () => {
    expect(await runMillrace('completion', 'tcsh')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Allowed choices are bash, zsh, fish'),
    });
  });
});
