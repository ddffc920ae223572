// Writes the safetensors format. The same tensors and metadata, in the same order, always give the same bytes.

import type { StateTensor } from '../learner/state.ts';
import { dataAlignment, dtypeBytes, metadataKey, prefixBytes, tensorBytes } from './safetensors-format.ts';

/**
 * The bytes of a safetensors file. `__metadata__` comes first in the header, its keys in the order given; tensors of
 * larger elements come before those of smaller ones (else in the order given), so that every tensor is aligned to its
 * element size and there are no holes. Throws TypeError for a name given twice or data that do not fill their shape.
 */
export function encodeSafetensors(
  tensors: readonly StateTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  checkTensors(tensors);
  const ordered = [...tensors].sort((a, b) => dtypeBytes[b.dtype] - dtypeBytes[a.dtype]);
  const header = encodeHeader(ordered, metadata);
  const dataBytes = ordered.reduce((sum, tensor) => sum + tensor.data.length, 0);

  const bytes = new Uint8Array(prefixBytes + header.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, prefixBytes);
  let at = prefixBytes + header.length;
  for (const tensor of ordered) {
    bytes.set(tensor.data, at);
    at += tensor.data.length;
  }
  return bytes;
}

function checkTensors(tensors: readonly StateTensor[]): void {
  const names = new Set<string>([metadataKey]);
  for (const { name, dtype, shape, data } of tensors) {
    if (names.has(name)) throw new TypeError(`tensor name ${JSON.stringify(name)} is taken`);
    names.add(name);
    const expected = tensorBytes(dtype, shape);
    if (data.length !== expected) {
      throw new TypeError(`tensor ${JSON.stringify(name)} has ${data.length} bytes, its shape asks for ${expected}`);
    }
  }
}

/** The JSON header, padded with spaces so that the data after it are aligned. */
function encodeHeader(tensors: readonly StateTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries: [string, unknown][] = [[metadataKey, metadata]];
  let begin = 0;
  for (const { name, dtype, shape, data } of tensors) {
    const end = begin + data.length;
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }]);
    begin = end;
  }
  // Joined by hand: an object literal would move integer-like names to the front, before the metadata.
  const json = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
  const bytes = new TextEncoder().encode(json);
  const padded = new Uint8Array(Math.ceil(bytes.length / dataAlignment) * dataAlignment).fill(0x20);
  padded.set(bytes);
  return padded;
}
