// The feed of the live page: looks at the run a few times a second, whatever the rate of samples, keeps the curves, and
// tells whoever listens. A listener that is slow misses moments, never holds up the run.

import type { RunView } from '../../pipeline/status.ts';
import { createHistory, type Point } from './history.ts';
import { pointOf, snapshotOf } from './snapshot.ts';

/** Time between two looks: 4 a second. */
const lookMs = 250;

/** A named event and its data, as JSON: all curves, or the moment with what it adds to them. */
export type Listener = (event: 'history' | 'now', data: string) => void;

export interface Feed {
  start(): void;
  stop(): void;
  /** Tells all that is known, then what is new; the function it gives ends that. */
  listen(listener: Listener): () => void;
}

/** A feed that has not looked yet. */
export function createFeed(view: RunView): Feed {
  const history = createHistory({ everyMs: lookMs });
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;
  let before = { atMs: Date.now(), samples: 0 };
  let rate = 0;

  function look(): void {
    const atMs = Date.now();
    const { samples } = view.status();
    const fresh = ((samples - before.samples) * 1000) / Math.max(1, atMs - before.atMs);
    before = { atMs, samples };
    // Eases towards the newest figure, so that it can be read.
    rate += (fresh - rate) * (rate === 0 ? 1 : 0.4);
    const point = pointOf(view.metrics(), atMs, rate);
    const outcome = history.add(point);
    if (listeners.size === 0) return;
    // One event for each look, with the curves once in hundreds: never more than 5 a second.
    if (outcome === 'thinned') tell('history', history.points);
    tell('now', now(outcome === 'added' ? point : null));
  }

  function now(point: Point | null) {
    const atMs = Date.now();
    return { ...snapshotOf(view, view.metrics(), atMs), atMs, samplesPerSecond: rate, point };
  }

  function tell(event: Parameters<Listener>[0], data: unknown): void {
    const text = JSON.stringify(data);
    for (const listener of listeners) listener(event, text);
  }

  return {
    start() {
      before = { atMs: Date.now(), samples: view.status().samples };
      timer = setInterval(look, lookMs).unref();
    },
    stop() {
      clearInterval(timer);
      listeners.clear();
    },
    listen(listener) {
      listener('history', JSON.stringify(history.points));
      listener('now', JSON.stringify(now(null)));
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
