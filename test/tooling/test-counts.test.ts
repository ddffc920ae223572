// The CI line counts what ran, and never counts a file that could not be loaded as nothing.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { countTests } from './test-counts.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = join(import.meta.dirname, 'test-counts.ts');
const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((outcome) => ({ status: outcome })),
});

it('counts tests by outcome; whatever did not run is skipped', () => {
  const report = { testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed', 'todo')] };
  expect(countTests(report)).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

it('counts a file that failed without a failed test as one failure', () => {
  expect(countTests({ testResults: [file('failed'), file('failed', 'passed')] })).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
  });
});

it('prints the line from a report', () => {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify({ testResults: [file('passed', 'passed', 'skipped')] }));
  expect(execFileSync(process.execPath, [script, path], { encoding: 'utf8' })).toBe('1 passed, 0 failed, 1 skipped\n');
});

it.each([
  ['is missing', join(folder, 'nowhere.json'), null],
  ['is empty', join(folder, 'empty.json'), '{"testResults":[]}'],
])('fails when the report %s', (_case, path, text) => {
  if (text !== null) writeFileSync(path, text);
  const { status, stdout } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '0 passed, 0 failed, 0 skipped\n' });
});
