// Named float64 arrays to state tensors and back: all or nothing, so that a damaged checkpoint changes no figure.

import { MillraceError } from '../../errors.ts';
import type { StateTensor } from '../state.ts';

type NamedArrays = Readonly<Record<string, Float64Array>>;

/** A copy of each array as a one-dimensional F64 tensor of the same name. */
export function toTensors(arrays: NamedArrays): StateTensor[] {
  return Object.entries(arrays).map(([name, array]) => ({
    name,
    dtype: 'F64',
    shape: [array.length],
    data: new Uint8Array(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  }));
}

/**
 * Overwrites each array with the tensor of its name; tensors of other names are ignored. Throws
 * MillraceError('checkpoint-damaged') before anything is overwritten if one is missing or of another shape.
 */
export function fromTensors(arrays: NamedArrays, tensors: readonly StateTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const copies = Object.entries(arrays).map(([name, array]) => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw damaged(`has no array "${name}"`);
    const { dtype, shape, data } = tensor;
    if (dtype !== 'F64' || shape.length !== 1 || shape[0] !== array.length || data.byteLength !== array.byteLength) {
      const found = `${dtype} [${shape.join(' × ')}] in ${data.byteLength} bytes`;
      throw damaged(`has "${name}" as ${found}, where F64 [${array.length}] in ${array.byteLength} bytes belongs`);
    }
    return { array, data };
  });
  for (const { array, data } of copies) new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(data);
}

function damaged(what: string): MillraceError {
  const remedy = 'Use an older checkpoint, or start anew with another `checkpoint.dir`.';
  return new MillraceError('checkpoint-damaged', `The checkpoint ${what}. ${remedy}`);
}
