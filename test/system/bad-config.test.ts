// Mistakes in a configuration or on the command line: each is named where it is, with the way out, and exit code 2.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMillrace, runMillraceIn } from '../support/millrace-process.ts';
import { failureOf, settings, temporaryFolder, write } from './support.ts';

describe('a mistaken configuration', () => {
  it.each([
    ['checkpoint.everysamples=3', "checkpoint.everysamples: unknown key; did you mean 'everySamples'?"],
    ['sorce.file.path=x', "sorce: unknown key; did you mean 'source'?"],
    ['model.optimizer={type: sdg}', 'model.optimizer.type: '],
    ['source.kafka={brokers: [localhost:9092], topic: x}', 'source: needs exactly one of kafka, file, synthetic'],
    ['http.port=99999', 'http.port: '],
  ])('%s', async (assignment, message) => {
    const { code, text } = failureOf(await runMillrace('run', '-c', 'config/phishing.yaml', '--set', assignment));
    expect(code).toBe(2);
    expect(text).toContain(message);
    expect(text).toContain('[config-invalid]');
  });

  it('tells every mistake at once, each with its path', async () => {
    const set = settings('metrics.window=-1', 'model.hiden=3', 'schema.target.type=binery', 'http.port=x');
    const { code, text } = failureOf(await runMillrace('lint', '-c', 'config/phishing.yaml', ...set));
    expect(code).toBe(2);
    expect(text).toContain('config/phishing.yaml has 4 mistakes:');
    for (const path of ['metrics.window', 'model.hiden', 'schema.target.type', 'http.port']) {
      expect(text).toMatch(new RegExp(`^ {2}${path.replaceAll('.', '\\.')}: `, 'm'));
    }
    expect(text).toContain("did you mean 'hidden'?");
  });

  it('names a variable that is not set, and takes one that is', async () => {
    const config = write(
      temporaryFolder(),
      'variable.yaml',
      `name: \${MILLRACE_TEST_NAME}\nsource: { file: { path: "-" } }\nschema: { target: { type: binary } }\n`,
    );
    const { code, text } = failureOf(await runMillrace('lint', '-c', config));
    expect(code).toBe(2);
    expect(text).toContain(`\${MILLRACE_TEST_NAME}, which is not set`);
    const set = await runMillraceIn({ env: { MILLRACE_TEST_NAME: 'from-outside' } }, 'lint', '-c', config, '--json');
    expect(JSON.parse(set.stdout)).toMatchObject({ name: 'from-outside' });
  });

  it('is not there, is not YAML, or is a list', async () => {
    const folder = temporaryFolder();
    const missing = failureOf(await runMillrace('run', '-c', join(folder, 'none.yaml')));
    expect(missing.code).toBe(2);
    expect(missing.text).toContain(`cannot read the configuration ${join(folder, 'none.yaml')}`);
    const broken = failureOf(await runMillrace('run', '-c', write(folder, 'broken.yaml', 'name: [a\nsource: b: c\n')));
    expect(broken.code).toBe(2);
    expect(broken.text).toMatch(/broken\.yaml: not YAML: line \d, column \d+: /);
    const list = failureOf(await runMillrace('run', '-c', write(folder, 'list.yaml', '- a\n')));
    expect(list.code).toBe(2);
    expect(list.text).toContain('the top level must be keys and values');
  });
});

describe('a mistaken command line', () => {
  it.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['rum', '-c', 'config/xor.yaml'], '(Did you mean run?)'],
    [['run'], "required option '-c, --config <file>' not specified"],
    [['run', '-c', 'config/xor.yaml', '--sampels', '3'], '(Did you mean --samples?)'],
    [['run', '-c', 'config/xor.yaml', '--samples', 'many'], 'needs a whole number'],
    [['run', '-c', 'config/xor.yaml', 'more'], 'too many arguments'],
    [['run', '-c', 'config/xor.yaml', '--set', 'nothing'], '--set needs path=value: one has no `=`'],
    [['run', '-c', 'config/demo.yaml', '--stop-at-end'], 'this synthetic stream has no end'],
  ])('millrace %j', async (args, message) => {
    const { code, text } = failureOf(await runMillrace(...args));
    expect(code).toBe(2);
    expect(text).toContain(message);
  });

  it('asking for help or the version is none', async () => {
    const help = await runMillrace('run', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--stop-at-end');
    const version = await runMillrace('--version');
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});
