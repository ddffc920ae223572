// What a batch becomes when decompressed is bounded, and whatever stays within the bound is read.

import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress } from '../../../src/kafka/wire/decompress.ts';
import { readRecords } from '../../../src/kafka/wire/record-reader.ts';
import { type Compression, compressed, compressions, placed, valued } from './batches.ts';

const everything = { from: 0, to: Number.POSITIVE_INFINITY, aborted: [] };
const mebi = 1 << 20;
const isKnown = { gzip: false, snappy: true, lz4: true, zstd: false };

/** Chunks of snappy, framed as the Java client does. */
function xerial(...chunks: Buffer[]): Buffer {
  const header = Buffer.from('82534e41505059000000000100000001', 'hex');
  const framed = chunks.flatMap((chunk) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    return [length, chunk];
  });
  return Buffer.concat([header, ...framed]);
}

/** A frame of so many blocks, each like the one that 64 KiB of the same byte give. */
function lz4Frame(blocks: number, header?: Buffer): Buffer {
  const one = compressionsAlgorithms.lz4.compressSync(Buffer.alloc(65_536, 7));
  const block = one.subarray(7, -4);
  return Buffer.concat([header ?? one.subarray(0, 7), ...Array<Buffer>(blocks).fill(block), Buffer.alloc(4)]);
}

/** A few kilobytes to a few megabytes that would become hundreds. */
const bombs: Readonly<Record<Compression, () => Buffer>> = {
  gzip: () => Buffer.concat(Array<Buffer>(32).fill(gzipSync(Buffer.alloc(16 * mebi)))),
  zstd: () => Buffer.concat(Array<Buffer>(32).fill(zstdCompressSync(Buffer.alloc(16 * mebi)))),
  lz4: () => lz4Frame(8192),
  snappy: () => xerial(...Array<Buffer>(32).fill(compressionsAlgorithms.snappy.compressSync(Buffer.alloc(16 * mebi)))),
};

describe.each(compressions)('a batch of %s', (kind) => {
  const batch = (baseOffset: number) => placed([valued('x'.repeat(150_000)), valued('y'.repeat(1234))], { baseOffset });
  const length = batch(0).length - 61;

  it('is read up to the limit and refused beyond, with its offset, the limit and what to do', () => {
    const log = Buffer.concat([placed([valued('small')], { baseOffset: 0 }), compressed(batch(1), kind)]);
    const { records, nextOffset } = readRecords(log, { ...everything, batchBytesMax: length });
    expect(nextOffset).toBe(3);
    expect(records.at(1).value?.toString()).toBe('x'.repeat(150_000));
    const becomes = isKnown[kind] ? length : `more than ${length - 1}`;
    expect(() => readRecords(log, { ...everything, batchBytesMax: length - 1 })).toThrow(
      `the record batch at offset 1 cannot be read: decompressed it would be ${becomes} bytes long, ` +
        `and the limit is ${length - 1}. Raise \`source.kafka.maxBytesPerPartition\``,
    );
  });

  it('is refused only where it is wanted', () => {
    const log = Buffer.concat([compressed(batch(0), kind), placed([valued('small')], { baseOffset: 2 })]);
    expect(readRecords(log, { ...everything, from: 2, batchBytesMax: 1 }).nextOffset).toBe(3);
  });

  it('does not become what it would before it is refused', () => {
    const bomb = compressed(placed([valued('')], { baseOffset: 7 }), kind, bombs[kind]());
    const { maxRSS } = process.resourceUsage();
    const read = () => readRecords(bomb, { ...everything, from: 7, batchBytesMax: 8 * mebi });
    expect(read).toThrow(isKnown[kind] ? `would be ${512 * mebi} bytes` : 'would be more than 8388608 bytes');
    expect(process.resourceUsage().maxRSS - maxRSS).toBeLessThan(64 * 1024);
  });

  it('is read whatever it holds, if no longer than the limit', () => {
    const { bitmask, compressSync } = compressionsAlgorithms[kind];
    const part = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 70_000 })).map(([byte, count]) => Buffer.alloc(count, byte)),
      fc
        .tuple(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 500 }))
        .map(([text, count]) => Buffer.from(text.repeat(count))),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const bytes = Buffer.concat(parts);
        const small = compressSync(bytes);
        expect(decompress(small, bitmask, bytes.length).equals(bytes)).toBe(true);
        if (bytes.length > 1)
          expect(() => decompress(small, bitmask, bytes.length - 1)).toThrow(/Raise `source\.kafka\./);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what says how long it is', () => {
  const { snappy, lz4 } = compressionsAlgorithms;

  it('is believed where it claims too much, and found out where it claims too little', () => {
    const sound = snappy.compressSync(Buffer.alloc(300));
    const claims = (preamble: number[]) => Buffer.concat([Buffer.from(preamble), sound.subarray(2)]);
    expect(() => decompress(claims([0xff, 0xff, 0xff, 0xff, 0x0f]), snappy.bitmask, mebi)).toThrow(
      /be 4294967295 bytes/,
    );
    expect(() => decompress(claims([1]), snappy.bitmask, mebi)).toThrow();
    expect(() => decompress(claims([0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), snappy.bitmask, mebi)).toThrow(/how long/);
  });

  it('is added up over the chunks of the Java client', () => {
    const chunk = snappy.compressSync(Buffer.alloc(32_768, 1));
    const framed = xerial(chunk, chunk, chunk);
    expect(decompress(framed, snappy.bitmask, 98_304)).toHaveLength(98_304);
    expect(() => decompress(framed, snappy.bitmask, 98_303)).toThrow(/would be 98304 bytes/);
  });

  it('is not taken from the header of an LZ4 frame, which may be of any kind', () => {
    // Linked blocks of 4 MiB at most, a content size of 1 and a dictionary.
    const header = Buffer.from('04224d1849700100000000000000000000000a', 'hex');
    expect(() => decompress(lz4Frame(40, header), lz4.bitmask, mebi)).toThrow(`be ${40 * 65_536} bytes`);
    // Not compressed, with a checksum of each block: 4 blocks of 300,000 bytes.
    const word = Buffer.alloc(4);
    word.writeUInt32LE(0x80_00_00_00 + 300_000);
    const blocks = Array<Buffer>(4).fill(Buffer.concat([word, Buffer.alloc(300_004)]));
    const frame = Buffer.concat([Buffer.from('04224d18707000', 'hex'), ...blocks]);
    expect(() => decompress(frame, lz4.bitmask, mebi)).toThrow(/would be 1200000 bytes/);
    expect(() => decompress(Buffer.from('02214c18000000', 'hex'), lz4.bitmask, mebi)).toThrow(/not an LZ4 frame/);
  });

  it('is of no use where the compression is not known', () => {
    expect(() => decompress(Buffer.alloc(9), 5, mebi)).toThrow('compression 5 is not known');
  });
});
