// The most memory that a process has held, as the operating system tells it.

import { readFileSync } from 'node:fs';

const everyMs = 100;

/** Bytes resident at the most so far; 0 where the system does not tell (Linux does). */
function highWater(pid: number): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Raises `rss.max` to what the process holds, until the function it returns is called. */
export function watchRss(pid: number | undefined, rss: { max: number }): () => void {
  if (pid === undefined) return () => {};
  const look = () => {
    rss.max = Math.max(rss.max, highWater(pid));
  };
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}
