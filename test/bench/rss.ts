// What memory a process holds, as the operating system tells it: the most so far, and reading after reading.

import { readFileSync } from 'node:fs';
import { median } from './statistics.ts';

const everyMs = 100;

export interface RssReadings {
  /** Bytes resident at the most so far; 0 where the system does not tell (Linux does). */
  max: number;
  /** Bytes resident every 100 ms. */
  readonly readings: number[];
}

/** Begins with nothing read. */
export function createRssReadings(): RssReadings {
  return { max: 0, readings: [] };
}

/** Reads what the process holds until the function it returns is called. */
export function watchRss(pid: number | undefined, rss: RssReadings): () => void {
  if (pid === undefined) return () => {};
  const look = () => {
    const status = statusOf(pid);
    rss.max = Math.max(rss.max, bytesIn(status, 'VmHWM'));
    const now = bytesIn(status, 'VmRSS');
    if (now > 0) rss.readings.push(now);
  };
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}

/** Medians of the first and the last quarter of a run: memory that leaks makes the last the larger one. */
export function quarters({ readings }: RssReadings): { readonly first: number; readonly last: number } {
  const length = Math.ceil(readings.length / 4);
  return { first: median(readings.slice(0, length)), last: median(readings.slice(-length)) };
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function bytesIn(status: string, field: 'VmHWM' | 'VmRSS'): number {
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
}
