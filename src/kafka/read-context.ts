// What the parts of the reader share: the consumer, how far it is, and where chunks and failures go.

import type { Consumer } from 'kafkajs';
import type { Chunk } from '../sample/record.ts';
import type { Handoff } from './handoff.ts';
import type { Progress } from './progress.ts';
import type { TopicEnds } from './topic-ends.ts';
import type { Watermarks } from './topics.ts';

export interface ReadContext {
  readonly consumer: Consumer;
  readonly topic: string;
  readonly groupId: string;
  readonly progress: Progress;
  readonly handoff: Handoff<Chunk>;
  readonly ends: TopicEnds;
  /** What each partition holds now, asked of the cluster. */
  held(): Promise<Map<number, Watermarks>>;
  warn(message: string): void;
  /** Ends the read with an error, unless it was stopped. */
  fail(error: unknown): void;
}

/** Ends the read if every partition is where it was to end. */
export function endIfDone({ progress, handoff }: ReadContext): void {
  if (progress.allDone()) handoff.end();
}
