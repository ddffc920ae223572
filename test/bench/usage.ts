// What a process uses, as the operating system tells it (Linux does): memory, reading after reading, and processor time.

import { type ExecFileOptions, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { median } from './statistics.ts';

const execute = promisify(execFile);
const everyMs = 100;
/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

export interface Usage {
  /** Bytes resident at the most; 0 where the system does not tell. */
  rssMax: number;
  /** Bytes resident every 100 ms. */
  readonly rssReadings: number[];
  /** Of all threads, up to the last 100 ms of the process; 0 where the system does not tell. */
  processorMs: number;
}

/** Runs a program to its end; what it printed, and what it used. Rejects where it fails. */
export async function runWatched(
  file: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<{ readonly stdout: string; readonly usage: Usage }> {
  const running = execute(file, args, options);
  const usage: Usage = { rssMax: 0, rssReadings: [], processorMs: 0 };
  const { pid } = running.child;
  const timer = setInterval(() => pid !== undefined && look(pid, usage), everyMs);
  try {
    const { stdout } = await running;
    return { stdout: String(stdout), usage };
  } finally {
    clearInterval(timer);
  }
}

/** Processor time that a process has had so far, of all its threads; 0 where the system does not tell. */
export function processorMsOf(pid: number): number {
  // The name of the program, in brackets, may hold blanks; user and system time are the 12th and 13th field behind it.
  const fields = readProcess(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return tickMs * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
}

/** Medians of the first and the last quarter of a run: memory that leaks makes the last the larger one. */
export function rssQuarters({ rssReadings }: Usage): { readonly first: number; readonly last: number } {
  const length = Math.ceil(rssReadings.length / 4);
  return { first: median(rssReadings.slice(0, length)), last: median(rssReadings.slice(-length)) };
}

function look(pid: number, usage: Usage): void {
  const status = readProcess(pid, 'status');
  const now = bytesIn(status, 'VmRSS');
  if (now > 0) usage.rssReadings.push(now);
  usage.rssMax = Math.max(usage.rssMax, bytesIn(status, 'VmHWM'));
  usage.processorMs = Math.max(usage.processorMs, processorMsOf(pid));
}

function readProcess(pid: number, file: 'stat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function bytesIn(status: string, field: 'VmHWM' | 'VmRSS'): number {
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
}
