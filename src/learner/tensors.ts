// The kernel's state as named arrays and back. Weights leave it unpadded, so that any reader of the checkpoint sees
// `layers.0.weights` [out × in]; `layers.0.weights.moment1`, `.moment2` and `.gradient` have the same shape.
// NaN in `rehearsal.inputs` [buffer × in] marks a missing value: the buffer keeps samples as they came, to be filled when drawn.

import { MillraceError } from '../errors.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { LayerLayout, Layout, Region } from '../kernels/layout.ts';
import type { StateTensor } from './state.ts';

/** One named array of the state and where its rows lie in the kernel's memory. */
interface Slot {
  readonly name: string;
  readonly dtype: 'F32' | 'F64';
  readonly shape: readonly number[];
  /** Byte offset of the first row. */
  readonly offset: number;
  readonly rows: number;
  readonly rowBytes: number;
  /** Bytes from one row to the next. */
  readonly strideBytes: number;
}

function layerSlots(layer: LayerLayout, l: number, region: Region, suffix: string): Slot[] {
  const { inputs, outputs, stride, weights, biases } = layer;
  return [
    {
      name: `layers.${l}.weights${suffix}`,
      dtype: 'F32',
      shape: [outputs, inputs],
      offset: region.offset + 4 * weights,
      rows: outputs,
      rowBytes: 4 * inputs,
      strideBytes: 4 * stride,
    },
    {
      name: `layers.${l}.biases${suffix}`,
      dtype: 'F32',
      shape: [outputs],
      offset: region.offset + 4 * biases,
      rows: 1,
      rowBytes: 4 * outputs,
      strideBytes: 4 * outputs,
    },
  ];
}

function plainSlot(name: string, dtype: 'F32' | 'F64', shape: readonly number[], region: Region): Slot {
  const bytes = region.length * (dtype === 'F64' ? 8 : 4);
  return { name, dtype, shape, offset: region.offset, rows: 1, rowBytes: bytes, strideBytes: bytes };
}

/** The parameters alone, in layer order. */
function parameterSlots({ layers, regions }: Layout): Slot[] {
  return layers.flatMap((layer, l) => layerSlots(layer, l, regions.parameters, ''));
}

function stateSlots(layout: Layout): Slot[] {
  const { layers, regions, inputs, outputs, targets } = layout;
  const slots = parameterSlots(layout);
  const perParameter = [
    [regions.moment1, '.moment1'],
    [regions.moment2, '.moment2'],
    [regions.gradient, '.gradient'],
  ] as const;
  for (const [region, suffix] of perParameter) {
    if (region.length > 0) slots.push(...layers.flatMap((layer, l) => layerSlots(layer, l, region, suffix)));
  }
  slots.push(plainSlot('scaler.missing', 'F64', [inputs], regions.scalerMissing));
  slots.push(plainSlot('scaler.centre', 'F64', [inputs], regions.scalerCentre));
  slots.push(plainSlot('scaler.spread', 'F64', [inputs], regions.scalerSpread));
  if (regions.targetMean.length > 0) {
    slots.push(plainSlot('target.mean', 'F64', [outputs], regions.targetMean));
    slots.push(plainSlot('target.spread', 'F64', [outputs], regions.targetSpread));
  }
  slots.push(plainSlot('attribution', 'F64', [inputs], regions.attribution));
  const buffer = regions.rehearsalWeights.length;
  if (buffer > 0) {
    slots.push(plainSlot('rehearsal.inputs', 'F32', [buffer, inputs], regions.rehearsalInputs));
    slots.push(plainSlot('rehearsal.targets', 'F32', [buffer, targets], regions.rehearsalTargets));
    slots.push(plainSlot('rehearsal.weights', 'F32', [buffer], regions.rehearsalWeights));
  }
  slots.push(plainSlot('counters', 'F64', [regions.counters.length], regions.counters));
  return slots;
}

function readSlot(memory: Uint8Array, { name, dtype, shape, offset, rows, rowBytes, strideBytes }: Slot): StateTensor {
  const data = new Uint8Array(rows * rowBytes);
  for (let r = 0; r < rows; r++) {
    const from = offset + r * strideBytes;
    data.set(memory.subarray(from, from + rowBytes), r * rowBytes);
  }
  return { name, dtype, shape, data };
}

function writeSlot(memory: Uint8Array, slot: Slot, tensor: StateTensor): void {
  for (let r = 0; r < slot.rows; r++) {
    const row = tensor.data.subarray(r * slot.rowBytes, (r + 1) * slot.rowBytes);
    memory.set(row, slot.offset + r * slot.strideBytes);
  }
}

/** Copies of the parameters, in layer order. */
export function readParameters(kernel: Kernel): StateTensor[] {
  const memory = new Uint8Array(kernel.buffer);
  return parameterSlots(kernel.layout).map((slot) => readSlot(memory, slot));
}

/** A copy of the whole state. */
export function readState(kernel: Kernel): StateTensor[] {
  const memory = new Uint8Array(kernel.buffer);
  return stateSlots(kernel.layout).map((slot) => readSlot(memory, slot));
}

/** Replaces the whole state, or throws MillraceError('checkpoint-mismatch') and leaves it as it was. */
export function writeState(kernel: Kernel, tensors: readonly StateTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const pairs = stateSlots(kernel.layout).map((slot) => {
    const tensor = byName.get(slot.name);
    const fits =
      tensor !== undefined &&
      tensor.dtype === slot.dtype &&
      tensor.shape.join('×') === slot.shape.join('×') &&
      tensor.data.length === slot.rows * slot.rowBytes;
    if (!fits) {
      const found = tensor === undefined ? 'is missing' : `is ${tensor.dtype} [${tensor.shape.join(' × ')}]`;
      throw new MillraceError(
        'checkpoint-mismatch',
        `checkpoint array ${slot.name} ${found}; this network needs ${slot.dtype} [${slot.shape.join(' × ')}]`,
      );
    }
    return { slot, tensor };
  });
  const memory = new Uint8Array(kernel.buffer);
  for (const { slot, tensor } of pairs) writeSlot(memory, slot, tensor);
  kernel.refresh();
}
