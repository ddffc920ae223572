// What a process uses, as the operating system tells it (Linux does): memory, reading after reading, and processor time.

import { type ExecFileOptions, execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import { median } from './statistics.ts';

const execute = promisify(execFile);
const everyMs = 100;
/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

/** A figure that grows, read every 100 ms. */
export interface Readings {
  /** How much it grew between two moments, in milliseconds since the epoch, as far as it was read. */
  between(fromMs: number, toMs: number): number;
  stop(): void;
}

export interface Usage {
  /** Bytes resident at the most; 0 where the system does not tell. */
  rssMax: number;
  /** Bytes resident every 100 ms. */
  readonly rssReadings: number[];
  /** Processor time of all threads. */
  readonly processor: Readings;
}

/** Runs a program to its end; what it printed, and what it used. Rejects where it fails. */
export async function runWatched(
  file: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<{ readonly stdout: string; readonly usage: Usage }> {
  const running = execute(file, args, options);
  const pid = running.child.pid ?? 0;
  const usage: Usage = { rssMax: 0, rssReadings: [], processor: readOften(() => processorMsOf(pid)) };
  const timer = setInterval(() => look(pid, usage), everyMs);
  try {
    const { stdout } = await running;
    return { stdout: String(stdout), usage };
  } finally {
    clearInterval(timer);
    usage.processor.stop();
  }
}

/** Begins to read a figure. */
export function readOften(read: () => number): Readings {
  const readings: { readonly atMs: number; readonly value: number }[] = [];
  const look = () => readings.push({ atMs: Date.now(), value: read() });
  look();
  const timer = setInterval(look, everyMs);
  const at = (ms: number) => (readings.findLast(({ atMs }) => atMs <= ms) ?? readings[0]).value;
  return { between: (fromMs, toMs) => at(toMs) - at(fromMs), stop: () => clearInterval(timer) };
}

/** Processor time that all processes together have had since the machine was started, in milliseconds. */
export function machineMs(): number {
  const modes = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return modes.reduce((sum, ms) => sum + ms, 0);
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
