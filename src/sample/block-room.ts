// Arrays for one block after another: two by turns, so that one is decoded while the one before is learnt. They grow as
// blocks do and are then reused: made anew for each, they would be memory by the gigabyte, given back only when the
// collector comes by.

import type { RowArrays } from './fast-row.ts';
import { sharedBytes, sharedFloats } from './shared-arrays.ts';

/** Columns of a row. */
export interface RowWidths {
  readonly inputs: number;
  readonly targets: number;
}

/** Gives arrays of `rows` rows, without labels and of weight 1, that are good until the call after the next. */
export function createBlockRoom(widths: RowWidths): (rows: number) => RowArrays {
  let room = createRoom(widths);
  let other = createRoom(widths);
  return (rows) => {
    [room, other] = [other, room];
    return room(rows);
  };
}

function createRoom({ inputs, targets }: RowWidths): (rows: number) => RowArrays {
  let room = roomFor(0);
  let last = room;

  function roomFor(rows: number): RowArrays {
    return {
      inputs: sharedFloats(rows * inputs),
      targets: sharedFloats(rows * targets),
      labelled: sharedBytes(rows),
      weights: sharedFloats(rows),
    };
  }

  return (rows) => {
    if (rows > room.labelled.length) room = last = roomFor(rows);
    // New views only where the size changes: most blocks are as large as the one before.
    if (rows !== last.labelled.length) {
      last = {
        inputs: room.inputs.subarray(0, rows * inputs),
        targets: room.targets.subarray(0, rows * targets),
        labelled: room.labelled.subarray(0, rows),
        weights: room.weights.subarray(0, rows),
      };
    }
    last.targets.fill(0);
    last.labelled.fill(0);
    last.weights.fill(1);
    return last;
  };
}
