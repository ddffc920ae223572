// What is in the package: what a user needs, file by file, and nothing else.

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, inject, it } from 'vitest';
import { projectRoot, sourceFiles } from '../tooling/source-files.ts';

const tarball = inject('tarball');
const packed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((path) => path.replace(/^package\//, ''))
  .sort();

const paths = (pattern: string) => sourceFiles(pattern).map(({ path }) => path);

it('is the compiled sources, the live page, the examples, the documentation, what deploys it, and the files that npm wants', () => {
  const compiled = paths('src/**/*.ts')
    .filter((path) => !path.startsWith('src/kernels/assembly/'))
    .map((path) => path.replace(/^src\/(.*)[.]ts$/, 'dist/$1'))
    .flatMap((path) => [`${path}.js`, `${path}.d.ts`]);
  const page = paths('src/monitor/page/*.*').map((path) => path.replace(/^src/, 'dist'));
  const expected = [
    ...compiled,
    ...page,
    ...paths('config/**/*.*'),
    ...paths('deploy/{grafana,kubernetes,prometheus}/**/*.*'),
    ...paths('docs/**/*.*'),
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
  ];
  expect(packed).toEqual(expected.sort());
});

it('has the kernel, the page, an example with its data, and the schema for editors', () => {
  const some = [
    'dist/cli/bin.js',
    'dist/index.d.ts',
    'dist/kernels/generated/wasm-module.js',
    'dist/monitor/page/index.html',
  ];
  expect(packed).toEqual(
    expect.arrayContaining([...some, 'config/demo.yaml', 'config/data/xor.csv', 'config/schema.json']),
  );
});

it('leads its readers to nothing that it does not hold', () => {
  const pages = packed.filter((path) => path.endsWith('.md'));
  const links = pages.flatMap((page) => {
    const text = readFileSync(join(projectRoot, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    const own = targets.filter((target) => !/^\w+:/.test(target));
    return own.map((target) => ({ page, to: posix.join(posix.dirname(page), target).replace(/\/$/, '') }));
  });
  expect(links.length).toBeGreaterThan(50);
  const isHeld = (to: string) => packed.some((path) => path === to || path.startsWith(`${to}/`));
  expect(links.filter(({ to }) => !isHeld(to))).toEqual([]);
});

it('is small', () => {
  expect(statSync(tarball).size).toBeLessThan(900_000);
});
