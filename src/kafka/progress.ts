// How far each partition has been read, and how far it is to be: kept here, not in the group, so that a rejoin or a
// restart of the client goes on exactly where the pipeline is.

import { MillraceError } from '../errors.ts';
import type { Positions } from '../sample/record.ts';
import type { Watermarks } from './topics.ts';

export interface Progress {
  /** Whether positions are known: nothing is delivered before. */
  readonly begun: boolean;
  /** Sets the positions to start from. */
  begin(start: Positions): void;
  /** The next offset to deliver; 0 for a partition added to the topic since the start. */
  next(partition: number): number;
  /** Never goes back. */
  advance(partition: number, next: number): void;
  /** Where the partition is to end: infinity unless told to stop at the end seen at the start. */
  end(partition: number): number;
  done(partition: number): boolean;
  allDone(): boolean;
}

/** Progress to `ends` (null: without end), from positions that are to be told. */
export function createProgress(ends: Positions | null): Progress {
  let begun = false;
  const positions = new Map<number, number>();
  const next = (partition: number) => positions.get(partition) ?? 0;
  // A partition that was not there when the ends were taken has nothing before its end.
  const end = (partition: number) => (ends ? (ends.get(partition) ?? 0) : Number.POSITIVE_INFINITY);
  const done = (partition: number) => next(partition) >= end(partition);
  return {
    get begun() {
      return begun;
    },
    begin(start) {
      begun = true;
      for (const [partition, next] of start) positions.set(partition, next);
    },
    next,
    end,
    done,
    advance(partition, to) {
      if (to > next(partition)) positions.set(partition, to);
    },
    allDone: () => begun && ends !== null && [...ends.keys()].every(done),
  };
}

/** Hears of offsets that are gone. */
export type OnLost = (partition: number, from: number, to: number) => void;

/**
 * Where to start each partition: at its position, or at its earliest record where none is named. Throws
 * kafka-offset-out-of-range if a position is not between the partition's watermarks, or its partition is gone; where
 * retention has passed it, `onLost` hears of that instead, and the partition starts at what is left.
 */
export function startPositions(
  topic: string,
  from: Positions,
  held: ReadonlyMap<number, Watermarks>,
  onLost?: OnLost,
): Positions {
  const start = new Map([...held].map(([partition, { earliest }]) => [partition, earliest]));
  for (const [partition, wanted] of from) {
    const marks = held.get(partition);
    if (marks && onLost && wanted < marks.earliest) onLost(partition, wanted, marks.earliest);
    else {
      requireHeld(topic, partition, wanted, marks);
      start.set(partition, wanted);
    }
  }
  return start;
}

/** Throws kafka-offset-out-of-range unless the partition still holds everything from `wanted` on. */
export function requireHeld(topic: string, partition: number, wanted: number, held: Watermarks | undefined): void {
  if (held && wanted >= held.earliest && wanted <= held.latest) return;
  const holds = held ? `holds offsets ${held.earliest}..${held.latest}` : 'is gone';
  const cause =
    held && wanted < held.earliest
      ? 'Retention has passed the position, and the records between are lost: to go on without them, start once with ' +
        '`--accept lost-records`; to learn anew, use another `name`.'
      : 'The topic was truncated: to learn anew, use another `name`.';
  throw new MillraceError(
    'kafka-offset-out-of-range',
    `Partition ${partition} of Kafka topic '${topic}' ${holds}, but offset ${wanted} comes next. ${cause}`,
  );
}
