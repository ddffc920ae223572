// What keeps a run that has failed for a moment: a Prometheus asks every few seconds, and would never see why it has
// ended. By then the run is closed: its transaction has ended, it has left its group, and a standby goes on already.

import { messageOf } from '../../errors.ts';
import type { HttpServer } from '../../monitor/http-server.ts';
import { say } from '../console.ts';

/**
 * Waits for the scrape that tells of the failure, for at most `limitMs`; not at all where nobody has scraped before, where
 * somebody sits at a terminal, or once `shutdown` aborts.
 */
export async function awaitLastScrape(
  http: Pick<HttpServer, 'isScraped' | 'failureScraped'>,
  limitMs: number,
  error: unknown,
  shutdown: AbortSignal,
): Promise<void> {
  const isWatched = process.stdout.isTTY === true || process.stderr.isTTY === true;
  if (limitMs === 0 || !http.isScraped || isWatched || shutdown.aborted) return;
  say(`failed: ${messageOf(error)}; ends after the next scrape of /metrics, within ${limitMs / 1000} s`);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), limitMs);
  await http.failureScraped(AbortSignal.any([shutdown, deadline.signal])).catch(() => {});
  clearTimeout(timer);
}
