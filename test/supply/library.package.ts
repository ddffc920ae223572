// Millrace as a library of somebody's own program: imported by JavaScript, compiled with its types by TypeScript.

import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../tooling/source-files.ts';
import { environment, installed, ownFolder, ownNode, packageFolder } from './user.ts';

const program = `
import { type Config, createSession, loadConfig, MillraceError, type Session, version } from 'millrace';

const file = '${packageFolder}/config/demo.yaml';
const set = ['http=false', 'checkpoint.dir=${ownFolder()}'];
const config: Config = loadConfig({ file, set, environment: process.env });
const session: Session = createSession(config, { end: { stopAtEnd: false, samples: 1000 } });
const { samples } = await session.run(new AbortController().signal);
let code = '';
try {
  loadConfig({ file: 'nowhere.yaml', set: [], environment: {} });
} catch (error) {
  if (error instanceof MillraceError) code = error.code;
}
console.log(JSON.stringify({ version, samples, code }));
`;

/** Compiles program.ts with the compiler of this checkout, as a program of the user's. */
function compile(...options: string[]): string {
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const common = ['--strict', '--target', 'es2022', '--types', 'node', '--ignoreConfig', 'program.ts'];
  return spawnSync(process.execPath, [compiler, ...common, ...options], { cwd: installed, encoding: 'utf8' }).stdout;
}

beforeAll(() => {
  // TypeScript and Node's types are the user's own to bring.
  symlinkSync(join(projectRoot, 'node_modules/@types'), join(installed, 'node_modules/@types'));
  writeFileSync(join(installed, 'program.ts'), program);
});

it('compiles to the last declaration, and runs', () => {
  expect(compile('--module', 'nodenext', '--skipLibCheck', 'false')).toBe('');
  const { stdout, stderr } = spawnSync(ownNode, ['program.js'], { cwd: installed, env: environment, encoding: 'utf8' });
  expect({ stderr, ...JSON.parse(stdout) }).toMatchObject({ stderr: '', samples: 1000, code: 'config-unreadable' });
});

it('compiles for a bundler, beside the types of a browser', () => {
  const options = ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2024,dom'];
  expect(compile('--noEmit', '--skipLibCheck', 'false', ...options)).toBe('');
});

it('has types that find a mistake', () => {
  writeFileSync(join(installed, 'program.ts'), program.replace('samples: 1000', "samples: 'many'"));
  expect(compile('--noEmit', '--module', 'nodenext')).toContain("Type 'string' is not assignable to type 'number'");
});

it('gives its manifest, and nothing of its insides', () => {
  const load = (name: string) =>
    spawnSync(process.execPath, ['-e', `import('${name}', { with: { type: 'json' } })`], {
      cwd: installed,
      encoding: 'utf8',
    });
  expect(load('millrace/package.json').status).toBe(0);
  expect(load('millrace/dist/version.js').stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
});
