// What the system tests share: folders that go with their test, configurations in files, and what a run tells.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import type { Finished } from '../support/millrace-process.ts';

/** A new folder that goes when the test does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-system-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file into a folder and gives its path. */
export function write(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** `--set` for each assignment. */
export function settings(...assignments: string[]): string[] {
  return assignments.flatMap((assignment) => ['--set', assignment]);
}

const scores = z.looseObject({
  loss: z.number().nullable(),
  accuracy: z.number().nullable(),
  rmse: z.number().nullable(),
});

const resultSchema = z.looseObject({
  samples: z.int(),
  learned: z.int(),
  scored: z.int(),
  rejected: z.int(),
  replayed: z.int(),
  seconds: z.number(),
  modelVersion: z.int(),
  weightsDigest: z.string().regex(/^[0-9a-f]{64}$/),
  metrics: scores.extend({ window: scores, baseline: scores }),
});

/** The line of `--json`. */
export type Result = z.output<typeof resultSchema>;

/** The result of a run with `--json` that ended well: one line, and nothing else, on stdout; stderr silent unless said. */
export function resultOf({ code, stdout, stderr }: Finished, words = /^$/): Result {
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(words);
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return resultSchema.parse(JSON.parse(stdout));
}

/** What a user sees of a failure: a message and what to do, with the exit code; no stack trace, no result. */
export function failureOf({ code, stdout, stderr }: Finished): { readonly code: number | null; readonly text: string } {
  expect(stderr).not.toMatch(/^\s+at |internal error|node:/m);
  expect(stdout).toBe('');
  return { code, text: stderr };
}

/** The lines of a file, each parsed. */
export function readLines(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
}

/** The checkpoints of a folder, oldest first. */
export function checkpointsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.safetensors'))
    .sort()
    .map((name) => join(folder, name));
}

/** The address that a run says its metrics are at, once it has said so. */
export async function metricsUrl(stderr: () => string): Promise<string> {
  const line = /metrics at (http:\/\/127\.0\.0\.1:\d+\/metrics)\n/;
  await vi.waitFor(() => expect(stderr()).toMatch(line), { timeout: 20_000, interval: 20 });
  return line.exec(stderr())?.[1] ?? '';
}

/** How many samples a run has learnt so far, as its metrics tell. */
export async function learnedBy(url: string): Promise<number> {
  const text = await (await fetch(url)).text();
  return Number(/^millrace_samples_total\{[^}]*outcome="learned"[^}]*\} (\d+)$/m.exec(text)?.[1]);
}
