// Where metrics keep what they remember: arrays that threads share, so that another one can go on with them.

/** Gives an array for a state; `begin` fills in what it holds of nothing seen yet, where it is not somebody's already. */
export type StateRoom = (length: number, begin?: (state: Float64Array) => void) => Float64Array;

/** Arrays of zeros before they begin; each is a memory of its own, added to `kept` in the order in which they are asked for. */
export function createStateRoom(kept: SharedArrayBuffer[] = []): StateRoom {
  return (length, begin) => {
    const buffer = new SharedArrayBuffer(8 * length);
    const state = new Float64Array(buffer);
    kept.push(buffer);
    begin?.(state);
    return state;
  };
}

/** The arrays of others, in the order in which they were asked for. */
export function lentStateRoom(kept: readonly SharedArrayBuffer[]): StateRoom {
  let next = 0;
  return (length) => new Float64Array(kept[next++], 0, length);
}
