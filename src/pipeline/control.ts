// What may be asked of a run from outside while it goes on: to pause, to resume, and to save a checkpoint now.

import { MillraceError } from '../errors.ts';

/** Hears what became of a checkpoint that was asked for. */
interface Asked {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface RunControl {
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  /** Resolves once the run is not paused, at once if it is not; also when `signal` aborts. */
  whenResumed(signal: AbortSignal): Promise<void>;
  /** Resolves once a checkpoint of this moment or a later one is saved. Rejects if the run ends before. */
  checkpoint(): Promise<void>;
  /** Whether somebody waits for a checkpoint that is not under way. */
  readonly wantsCheckpoint: boolean;
  /** Those who wait: they are to hear of the checkpoint that is taken now. */
  takeAsked(): readonly Asked[];
  /** Lets down all who still wait: the run, or this attempt at it, is over. */
  end(): void;
}

/** The control of a run that is not paused. */
export function createRunControl(): RunControl {
  let paused = false;
  let resumed = Promise.withResolvers<void>();
  let waiting: Asked[] = [];
  /** Told of the checkpoint that they wait for, which may still come to nothing. */
  let promised: Asked[] = [];
  return {
    get paused() {
      return paused;
    },
    pause() {
      if (paused) return;
      paused = true;
      resumed = Promise.withResolvers();
    },
    resume() {
      paused = false;
      resumed.resolve();
    },
    async whenResumed(signal) {
      if (!paused || signal.aborted) return;
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      await Promise.race([resumed.promise, aborted.promise]);
    },
    checkpoint: () => new Promise<void>((resolve, reject) => void waiting.push({ resolve, reject })),
    get wantsCheckpoint() {
      return waiting.length > 0;
    },
    takeAsked() {
      const taken = waiting;
      waiting = [];
      promised = [...promised, ...taken];
      return taken;
    },
    end() {
      const error = new MillraceError('checkpoint-unwritable', 'the run ended before a checkpoint could be saved');
      // Whoever has an answer already does not hear of this one.
      for (const { reject } of [...promised, ...waiting]) reject(error);
      waiting = [];
      promised = [];
    },
  };
}
