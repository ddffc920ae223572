// What a bench does not take is refused before anything runs.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../tooling/source-files.ts';
import { BenchUsageError, numberOption, requireKnown } from './options.ts';

describe('the options of a bench', () => {
  const options = ['--kafka', '--records N'];

  it.each([[[]], [['--kafka']], [['--records', '5', '--kafka']], [['--kafka', '--records', '5']]])('are %j', (rest) => {
    expect(() => requireKnown('memory', rest, options)).not.toThrow();
  });

  it.each([
    [['--samples', '1'], '--samples'],
    [['--records=1'], '--records=1'],
    [['--records', '1', '2'], '2'],
    [['--kafka', 'yes'], 'yes'],
  ])('are not %j', (rest, unknown) => {
    const message = `bench memory does not take ${unknown}; it takes --json, --kafka, --records N`;
    expect(() => requireKnown('memory', rest, options)).toThrow(new BenchUsageError(message));
  });

  it('may be none, or words', () => {
    expect(() => requireKnown('kernel', ['--fast'])).toThrow('bench kernel does not take --fast; it takes --json');
    expect(() => requireKnown('defaults', ['sgd', 'adam'], ['NAME...'])).not.toThrow();
    expect(() => requireKnown('defaults', ['sgd', '--adam'], ['NAME...'])).toThrow('does not take --adam');
  });

  it('have numbers, no smaller than makes sense', () => {
    expect(numberOption([], '--records', 7)).toBe(7);
    expect(numberOption(['--records', '5'], '--records', 7)).toBe(5);
    for (const rest of [['--records'], ['--records', 'many'], ['--records', '0']])
      expect(() => numberOption(rest, '--records', 7)).toThrow('--records needs a number of at least 1');
  });
});

it.each([
  [['file', '--samples', '1'], 'bench file does not take --samples; it takes --json, --records N\n'],
  [['decode', '--json', '--features', 'ten'], '--features needs a number of at least 1\n'],
])('`bench -- %j` says what is wrong with it in a line', (args, stderr) => {
  const main = join(projectRoot, 'test/bench/main.ts');
  const ended = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  expect(ended).toMatchObject({ status: 1, stdout: '', stderr });
});
