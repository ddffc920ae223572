// Tries again while brokers are out of reach, for longer than kafkajs does, but not for ever.

import { setTimeout as sleep } from 'node:timers/promises';

/** How long brokers may be out of reach during a run before it fails. */
export const defaultOutageMs = 60_000;

/** Pause between two tries; each of them has kafkajs' own retries inside. */
const pauseMs = 250;

/** The result of `work`, tried again after errors that may pass, until they have lasted for `outageMs`. */
export async function withPatience<T>(outageMs: number, work: () => Promise<T>): Promise<T> {
  const startedMs = Date.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || Date.now() - startedMs >= outageMs) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Whether kafkajs calls an error, or what caused it, retriable: it says so of the cause once its own retries are used up. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('retriable' in error && error.retriable === true) return true;
  return mayPass(error.cause);
}

/**
 * Decides on the restarts of a consumer that crashed: yes until crashes have followed one another for `outageMs`, or it
 * was stopped.
 */
export function createRestartBudget(outageMs: number, isStopped: () => boolean): () => Promise<boolean> {
  let sinceMs = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = Date.now();
    if (now - lastMs > outageMs) sinceMs = now;
    lastMs = now;
    return !isStopped() && now - sinceMs < outageMs;
  };
}
