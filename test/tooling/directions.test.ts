// The check of import directions bites: each kind of planted violation is named, and nothing read is not a success.

import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkDirections, describeDirections } from './directions.ts';
import { projectRoot, sourceFiles } from './source-files.ts';

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'millrace-directions-'));
  cpSync(join(projectRoot, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(projectRoot, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

it('reads every source file and finds the directions kept', async () => {
  const report = await checkDirections(projectRoot);
  const files = sourceFiles('src/**/*.ts').filter(({ path }) => !path.startsWith('src/kernels/assembly/'));
  expect(report.modules).toBe(files.length);
  expect(report.modules).toBeGreaterThan(10);
  expect(report.violations).toEqual([]);
});

/** File to plant, what it imports, and the rule that must name it. */
const violations: [path: string, imports: string, rule: string][] = [
  ['src/sample/planted-fs.ts', 'node:fs', 'pure-no-io'],
  ['src/learner/planted-crypto.ts', 'node:crypto', 'crypto-for-digest'],
  ['src/learner/planted-rxjs.ts', 'rxjs', 'rxjs-home'],
  ['src/sample/planted-upwards.ts', '../learner/learner.ts', 'sample-imports'],
  ['src/kernels/planted-upwards.ts', '../learner/learner.ts', 'kernels-imports'],
  ['src/learner/planted-ports.ts', '../pipeline/ports.ts', 'learner-imports'],
  ['src/pipeline/planted-adapter.ts', '../file/planted-neighbour.ts', 'pipeline-imports'],
  ['src/file/planted-neighbour.ts', '../checkpoint/planted-status.ts', 'file-imports'],
  ['src/checkpoint/planted-status.ts', '../pipeline/status.ts', 'checkpoint-imports'],
  ['src/synthetic/planted-kafkajs.ts', 'kafkajs', 'kafkajs-home'],
  ['src/monitor/planted-adapter.ts', '../file/planted-neighbour.ts', 'monitor-imports'],
  ['src/config/planted-ports.ts', '../pipeline/ports.ts', 'config-imports'],
  ['src/kafka/planted-cli.ts', '../cli/planted.ts', 'cli-imported'],
  ['src/pipeline/planted-fs.ts', 'node:fs/promises', 'pipeline-no-io'],
  ['src/cli/planted-test.ts', '../../test/planted.ts', 'no-test-in-src'],
  ['src/cli/planted-dev.ts', 'vitest', 'no-dev-package-in-src'],
  ['src/cli/planted-nowhere.ts', './nowhere.ts', 'not-resolvable'],
];

it('names each planted violation by its rule', async () => {
  plant('test/planted.ts', 'export const planted = 1;\n');
  for (const [path, imports] of violations) plant(path, `import '${imports}';\nexport const planted = 1;\n`);
  plant(
    'src/learner/planted-type.ts',
    "import type { Source } from '../pipeline/ports.ts';\nexport type S = Source;\n",
  );
  plant('src/cli/planted.ts', "import './planted-back.ts';\n");
  plant('src/cli/planted-back.ts', "import './planted.ts';\n");
  plant('src/sample/planted-orphan.ts', 'export const planted = 1;\n');
  const report = await checkDirections(copy);
  const found = report.violations.map(({ rule, from }) => `${rule}: ${from}`);
  expect(found).toEqual(
    expect.arrayContaining([
      ...violations.map(([path, , rule]) => `${rule}: ${path}`),
      'learner-imports: src/learner/planted-type.ts',
      'no-orphans: src/sample/planted-orphan.ts',
    ]),
  );
  expect(found.filter((line) => line.startsWith('no-cycles: src/cli/planted'))).toHaveLength(1);
  expect(describeDirections(report).ok).toBe(false);
});

it('fails when there was nothing to read', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'millrace-directions-'));
  mkdirSync(join(empty, 'src'));
  const { ok, text } = describeDirections(await checkDirections(empty));
  rmSync(empty, { recursive: true });
  expect(ok).toBe(false);
  expect(text).toContain('no module was read');
});
