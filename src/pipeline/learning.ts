// Chunks into what they give rise to: while one is learnt, maybe by another thread, the next one is decoded here.

import { Observable, type OperatorFunction } from 'rxjs';
import type { Chunk } from '../sample/record.ts';
import { type Fold, type Folded, type Lesson, nothing } from './fold.ts';
import type { Pace } from './paced.ts';
import type { StageTimer } from './timings.ts';

/**
 * 1. Gives what each chunk gives rise to, in order, and `nothing` for each null.
 * 2. At the moment of each result the fold stands right after its chunk, until the subscriber is done with it.
 * 3. Decodes one chunk ahead of the one that is learnt; others wait undecoded.
 * 4. A result does not wait for the next chunk: it comes as soon as it is there.
 * 5. Tells the pace how long each chunk took to be learnt.
 * 6. Completes when all results are out; fails with the first chunk that cannot be learnt, and learns nothing more then.
 */
export function learning(fold: Fold, timer: StageTimer, pace: Pace): OperatorFunction<Chunk | null, Folded> {
  return (chunks$) =>
    new Observable<Folded>((subscriber) => {
      const lessonOf = (chunk: Chunk) => timedLesson(fold, chunk, timer, pace);
      const desk = createDesk(lessonOf, (folded) => subscriber.next(folded), resume);
      let isLast = false;

      /** Does what can be done without waiting. */
      function resume(): void {
        try {
          while (!subscriber.closed && desk.doOne());
          if (isLast && desk.isEmpty) subscriber.complete();
        } catch (error) {
          subscriber.error(error);
        }
      }

      return chunks$.subscribe({
        next(chunk) {
          desk.add(chunk);
          resume();
        },
        error: (error) => subscriber.error(error),
        complete() {
          isLast = true;
          resume();
        },
      });
    });
}

/** What lies between the chunks that came and their results. */
interface Desk {
  readonly isEmpty: boolean;
  add(chunk: Chunk | null): void;
  /** Does one thing that need not wait; false where there is none. */
  doOne(): boolean;
}

function createDesk(lessonOf: (chunk: Chunk) => Lesson, give: (folded: Folded) => void, whenDone: () => void): Desk {
  const waiting: (Chunk | null)[] = [];
  let decoded: Lesson | null = null;
  let current: Lesson | null = null;

  function decode(): boolean {
    const chunk = waiting[0];
    if (decoded || !chunk) return false;
    waiting.shift();
    decoded = lessonOf(chunk);
    return true;
  }

  function finish(): boolean {
    if (!current?.isDone) return false;
    const folded = current.finish();
    current = null;
    give(folded);
    return true;
  }

  function begin(): boolean {
    if (current || !decoded) return false;
    current = decoded;
    decoded = null;
    current.learn(whenDone);
    return true;
  }

  function passSilence(): boolean {
    if (current || decoded || waiting.length === 0) return false;
    waiting.shift();
    give(nothing);
    return true;
  }

  return {
    get isEmpty() {
      return !current && !decoded && waiting.length === 0;
    },
    add: (chunk) => void waiting.push(chunk),
    doOne: () => decode() || finish() || begin() || passSilence(),
  };
}

/** A lesson that adds the time it takes of this thread, and tells the pace how long it was from its beginning to its end. */
function timedLesson(fold: Fold, chunk: Chunk, timer: StageTimer, pace: Pace): Lesson {
  let ms = 0;
  let begunMs = 0;
  const timed = <T>(work: () => T): T => {
    const startedAt = performance.now();
    const result = work();
    ms += performance.now() - startedAt;
    return result;
  };
  const lesson = timed(() => fold.lesson(chunk));
  return {
    learn(whenDone) {
      begunMs = performance.now();
      timed(() => lesson.learn(whenDone));
    },
    get isDone() {
      return lesson.isDone;
    },
    finish() {
      const folded = timed(lesson.finish);
      timer.add('learn', ms);
      pace.note(chunk.records.length, performance.now() - begunMs);
      return folded;
    },
  };
}
