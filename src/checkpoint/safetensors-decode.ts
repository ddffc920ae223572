// Reads the safetensors format strictly: no number of the file is trusted before it is checked against the bytes
// that are really there, and the tensors must fill the data without overlap, hole or remainder.

import * as z from 'zod';
import { MillraceError, messageOf } from '../errors.ts';
import type { StateTensor } from '../learner/state.ts';
import {
  dataAlignment,
  headerBytesMax,
  metadataKey,
  prefixBytes,
  type SafetensorsFile,
  tensorBytes,
} from './safetensors-format.ts';

const entrySchema = z.strictObject({
  dtype: z.enum(['F64', 'F32', 'I32', 'U8']),
  shape: z.array(z.int().nonnegative()).max(16),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

interface Entry extends z.infer<typeof entrySchema> {
  readonly name: string;
}

/** The tensors (copies) and metadata of a safetensors file. Throws MillraceError('checkpoint-damaged'). */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const headerBytes = headerLength(bytes);
  const header = parseHeader(bytes.subarray(prefixBytes, prefixBytes + headerBytes));
  const data = bytes.subarray(prefixBytes + headerBytes);

  const { [metadataKey]: metadata, ...rest } = header;
  const entries = Object.entries(rest).map(([name, value]) => parseEntry(name, value, data.length));
  entries.sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  checkCoverage(entries, data.length);
  return { tensors: entries.map((entry) => toTensor(entry, data)), metadata: parseMetadata(metadata) };
}

function damaged(what: string, cause?: unknown): MillraceError {
  return new MillraceError('checkpoint-damaged', what, { cause });
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length === 0) throw damaged('the file is empty');
  if (bytes.length < prefixBytes) throw damaged(`the file is cut off after ${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, prefixBytes).getBigUint64(0, true);
  if (length > BigInt(headerBytesMax)) {
    throw damaged(`the header claims ${length} bytes, more than the ${headerBytesMax} allowed`);
  }
  if (length > BigInt(bytes.length - prefixBytes)) {
    throw damaged(`the file is cut off: its header claims ${length} bytes, ${bytes.length - prefixBytes} are there`);
  }
  if (length % BigInt(dataAlignment) !== 0n) throw damaged(`the header length ${length} is not a multiple of 8`);
  return Number(length);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw damaged(`the header is not JSON: ${messageOf(error)}`, error);
  }
  if (!isRecord(header)) throw damaged('the header is not a JSON object');
  return header;
}

function parseEntry(name: string, value: unknown, dataBytes: number): Entry {
  const parsed = entrySchema.safeParse(value);
  const place = `tensor ${JSON.stringify(name)}`;
  if (!parsed.success) throw damaged(`${place}: ${parsed.error.issues.map(describeIssue).join('; ')}`);
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  const [begin, end] = offsets;
  if (begin > end) throw damaged(`${place} ends at ${end}, before its begin at ${begin}`);
  if (end > dataBytes) throw damaged(`the file is cut off: ${place} ends at ${end} of ${dataBytes} bytes`);
  const expected = tensorBytes(dtype, shape);
  if (end - begin !== expected) throw damaged(`${place} has ${end - begin} bytes, its shape asks for ${expected}`);
  return { name, ...parsed.data };
}

function describeIssue(issue: { path: readonly PropertyKey[]; message: string }): string {
  return issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message;
}

/** The entries, sorted by offset, must join end to begin from 0 to the end of the data. */
function checkCoverage(entries: readonly Entry[], dataBytes: number): void {
  let covered = 0;
  for (const { name, data_offsets: offsets } of entries) {
    const [begin, end] = offsets;
    if (begin !== covered) {
      const what = begin < covered ? 'overlaps the one before' : 'leaves a hole before it';
      throw damaged(`tensor ${JSON.stringify(name)} ${what}: it begins at ${begin}, not at ${covered}`);
    }
    covered = end;
  }
  if (covered !== dataBytes) throw damaged(`the tensors end at ${covered}, the data at ${dataBytes}`);
}

function toTensor({ name, dtype, shape, data_offsets: offsets }: Entry, data: Uint8Array): StateTensor {
  // Not `slice`, which gives a view where `data` is a Buffer: the holder owns a copy, aligned for any element type.
  return { name, dtype, shape, data: new Uint8Array(data.subarray(offsets[0], offsets[1])) };
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata)) throw damaged(`${metadataKey} is not a JSON object`);
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value !== 'string') throw damaged(`${metadataKey}.${key} is not a string`);
    return [key, value];
  });
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
