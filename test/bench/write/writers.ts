// The contenders, each behind the same two calls.

import { openTransactionalDelivery } from '../../../src/kafka/transactional-delivery.ts';
import type { Boundary } from '../../../src/pipeline/ports.ts';
import { input, type Piece } from './pieces.ts';

/** Where a contender writes, and what it may call its own: group, transactional id, journal. */
export interface Place {
  readonly brokers: string[];
  readonly name: string;
  readonly output: string;
}

/** Writes exactly once. */
export interface Writer {
  /** Appends a piece; resolves once there is room for more. */
  write(piece: Piece): Promise<void>;
  /** Ends the transaction: what was written, a journal record and the input's offsets become visible as one. */
  commit(boundary: Boundary): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens a writer, ready for its first record. */
type OpenWriter = (place: Place) => Promise<Writer>;

/** By the names that the figures have. */
export const writers = {
  wire: (place) => openDelivery(place, 'wire'),
  kafkajs: (place) => openDelivery(place, 'kafkajs'),
} satisfies Readonly<Record<string, OpenWriter>>;

export type WriterName = keyof typeof writers;

/** Millrace's own delivery, through one of its producers. */
export async function openDelivery({ brokers, name, output }: Place, producer: 'wire' | 'kafkajs'): Promise<Writer> {
  const delivery = await openTransactionalDelivery({
    connection: { brokers },
    input: { topic: input, topicId: null, groupId: name },
    outputs: { predictions: output, deadLetters: null },
    journalTopic: `${name}-journal`,
    transactionalId: name,
    timeoutMs: 30_000,
    producer,
  });
  return {
    write: ({ predictions }) => delivery.write({ predictions, deadLetters: [] }),
    commit: (boundary) => delivery.commit(boundary),
    close: () => delivery.close(),
  };
}
