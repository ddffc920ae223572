// Style as a test: what Biome cannot see. A failure names each file that breaks the rule.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../src/errors.ts';
import { rejectionReasons } from '../../src/sample/rejection.ts';
import { projectRoot, type SourceFile, sourceFiles, withoutComments } from './source-files.ts';

const sources = sourceFiles('src/**/*.ts');
const tests = sourceFiles('test/**/*.ts').filter(({ path }) => path !== 'test/tooling/tidy.test.ts');

function pathsWhere(files: readonly SourceFile[], breaksRule: (text: string) => boolean): string[] {
  return files.filter(({ text }) => breaksRule(text)).map(({ path }) => path);
}

function openingCommentLines(text: string): number {
  const lines = text.split('\n').filter((line, index) => !(index === 0 && line.startsWith('#!')));
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return end === -1 ? lines.length : end;
}

describe('every source file', () => {
  it('is found', () => {
    expect(sources.length).toBeGreaterThan(10);
  });

  it('opens with one to five lines that say what it is', () => {
    const breaksRule = (text: string) => openingCommentLines(text) < 1 || openingCommentLines(text) > 5;
    expect(pathsWhere(sources, breaksRule)).toEqual([]);
  });

  it('has at most 300 lines', () => {
    expect(pathsWhere(sources, (text) => text.split('\n').length > 301)).toEqual([]);
  });

  it('does not talk its way past the compiler or leave work for later', () => {
    const marks = /\bas any\b|\bas unknown as\b|@ts-ignore|@ts-nocheck|\b(TODO|FIXME|XXX)\b/;
    expect(pathsWhere([...sources, ...tests], (text) => marks.test(text))).toEqual([]);
  });

  it('reads no clock, no global randomness and no environment where a sample is decoded or learnt', () => {
    const impure =
      /\bDate\b|\bperformance\.|Math\.random|\bset(Timeout|Interval|Immediate)\b|\bprocess\.|\bfetch\(|\bglobalThis\b/;
    const pure = sources.filter(({ path }) => /^src\/(sample|learner|kernels)\//.test(path));
    expect(pathsWhere(pure, (text) => impure.test(withoutComments(text)))).toEqual([]);
  });
});

describe('the catalogues', () => {
  const code = [...sources, ...sourceFiles('test/golden/**/*.ts')]
    .filter(({ path }) => path !== 'src/errors.ts' && path !== 'src/sample/rejection.ts')
    .map(({ text }) => withoutComments(text))
    .join('\n');

  it('hold no error that nothing throws', () => {
    expect(Object.keys(errorCatalogue).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });

  it('hold no dead-letter reason that nothing gives', () => {
    expect(Object.keys(rejectionReasons).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });
});

describe('the change log', () => {
  it('has a heading for the version in package.json', () => {
    const { version } = JSON.parse(readFileSync(resolve(projectRoot, 'package.json'), 'utf8'));
    const log = readFileSync(resolve(projectRoot, 'CHANGELOG.md'), 'utf8');
    expect(log.split('\n').filter((line) => line.startsWith('## ') && line.includes(version))).toHaveLength(1);
  });
});
