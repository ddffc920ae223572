// What a compressed batch holds, which is asked before it is made: a few kilobytes may be made to become gigabytes. gzip and
// zstd stop at the limit; of snappy and LZ4, whose codecs know none, the length is read from what came.
// Sources: Snappy's format description ("preamble"); snappy-java's framing ("xerial"); LZ4's frame and block formats.

import { constants } from 'node:buffer';
import { gunzipSync, type ZlibOptions, type ZstdOptions, zstdDecompressSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';

/** A batch that would become longer than is allowed: it will be so the next time, too. */
export class BatchTooLargeError extends Error {}

type Codec = (bytes: Buffer, lengthMax: number) => Buffer;

const { snappy, lz4 } = compressionsAlgorithms;

/** By the number that the attributes of a batch have for them. */
const codecs: readonly (Codec | undefined)[] = [
  undefined,
  (bytes, lengthMax) => inflate(gunzipSync, bytes, lengthMax),
  (bytes, lengthMax) => {
    requireLength(snappyLength(bytes), lengthMax);
    return snappy.decompressSync(bytes);
  },
  (bytes, lengthMax) => {
    // Blocks are full, all but the last: only near the limit is it worth looking into them.
    if (lz4Length(bytes, (_, blockMax) => blockMax) > lengthMax)
      requireLength(lz4Length(bytes, blockLength), lengthMax);
    return lz4.decompressSync(bytes);
  },
  (bytes, lengthMax) => inflate(zstdDecompressSync, bytes, lengthMax),
];

/**
 * The bytes that were compressed. Throws BatchTooLargeError where there would be more than `lengthMax`, having made no more
 * than that, and an Error where the kind of compression is not known.
 */
export function decompress(bytes: Buffer, kind: number, lengthMax: number): Buffer {
  const codec = codecs[kind];
  if (!codec) throw new Error(`compression ${kind} is not known`);
  return codec(bytes, lengthMax);
}

function inflate(
  inflateSync: (bytes: Buffer, options: ZlibOptions & ZstdOptions) => Buffer,
  bytes: Buffer,
  lengthMax: number,
): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.min(lengthMax, constants.MAX_LENGTH) });
  } catch (error) {
    const isTooLong = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLong ? tooLong(`more than ${lengthMax}`, lengthMax) : error;
  }
}

function requireLength(length: number, lengthMax: number): void {
  if (length > lengthMax) throw tooLong(String(length), lengthMax);
}

function tooLong(length: string, lengthMax: number): BatchTooLargeError {
  return new BatchTooLargeError(
    `decompressed it would be ${length} bytes long, and the limit is ${lengthMax}. ` +
      'Raise `source.kafka.maxBytesPerPartition`, of which the limit is a multiple',
  );
}

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
/** The magic, a version, and the oldest version that can read it. */
const xerialHeaderBytes = 16;

/** As the encoder has declared, which the decoder holds it to: all at once, or chunk by chunk as the Java client does. */
function snappyLength(bytes: Buffer): number {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return snappyPreamble(bytes, 0);
  let length = 0;
  for (let at = xerialHeaderBytes; at < bytes.length; at += 4 + bytes.readUInt32BE(at))
    length += snappyPreamble(bytes, at + 4);
  return length;
}

/** A varint without a sign, of at most 32 bits. */
function snappyPreamble(bytes: Buffer, start: number): number {
  let length = 0;
  for (let at = start, scale = 1; at < Math.min(start + 5, bytes.length); at++, scale *= 128) {
    length += (bytes[at] & 127) * scale;
    if (bytes[at] < 128) return length;
  }
  throw new Error('it does not say how long it is, as snappy must');
}

const lz4Magic = 0x18_4d_22_04;
const lz4Flags = { blockChecksums: 1 << 4, contentSize: 1 << 3, dictionary: 1 };
const uncompressedBit = 0x80_00_00_00;

/** The length of a frame, given that of a compressed block. Its content size would do, but most clients write none. */
function lz4Length(bytes: Buffer, ofBlock: (block: Buffer, blockMax: number) => number): number {
  if (bytes.readUInt32LE(0) !== lz4Magic) throw new Error('it is not an LZ4 frame');
  const flags = bytes[4];
  const blockMax = 1 << (8 + 2 * ((bytes[5] >> 4) & 7));
  const checksumBytes = (flags & lz4Flags.blockChecksums) === 0 ? 0 : 4;
  let at = 7 + ((flags & lz4Flags.contentSize) === 0 ? 0 : 8) + ((flags & lz4Flags.dictionary) === 0 ? 0 : 4);
  let length = 0;
  while (at + 4 <= bytes.length) {
    const word = bytes.readUInt32LE(at);
    if (word === 0) break;
    const size = word % uncompressedBit;
    at += 4;
    length += word >= uncompressedBit ? size : ofBlock(bytes.subarray(at, at + size), blockMax);
    at += size + checksumBytes;
  }
  return length;
}

/** What the sequences of an LZ4 block say that they add: so many literals, then a match. */
function blockLength(block: Buffer): number {
  let length = 0;
  let at = 0;
  const read = (nibble: number) => {
    let number = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; number += byte) byte = block[at++] ?? 0;
    return number;
  };
  while (at < block.length) {
    const token = block[at++];
    const literals = read(token >> 4);
    length += literals;
    // The last sequence has literals only; else the distance of the match comes next, then how much longer than 4 it is.
    at += literals + 2;
    if (at <= block.length) length += 4 + read(token & 15);
  }
  return length;
}
