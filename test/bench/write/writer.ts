// What a contender must do.

import type { Boundary } from '../../../src/pipeline/ports.ts';
import type { Piece } from './pieces.ts';

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
