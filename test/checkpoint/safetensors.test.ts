import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/checkpoint/safetensors-decode.ts';
import { encodeSafetensors } from '../../src/checkpoint/safetensors-encode.ts';
import { dtypeBytes, tensorBytes } from '../../src/checkpoint/safetensors-format.ts';
import type { StateTensor } from '../../src/learner/state.ts';
import { float32Tensor } from './checkpoints.ts';

const anyName = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('0', '__proto__', 'constructor', '"sha256":"'),
);

const anyTensor = fc
  .record({
    name: anyName,
    dtype: fc.constantFrom<StateTensor['dtype']>('F32', 'F64', 'I32', 'U8'),
    shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
  })
  .chain(({ name, dtype, shape }) => {
    const length = tensorBytes(dtype, shape);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data): StateTensor => ({ name, dtype, shape, data: new Uint8Array(data) }));
  });

const anyTensors = fc.uniqueArray(anyTensor, { selector: ({ name }) => name, maxLength: 6 });
const anyMetadata = fc.dictionary(anyName, fc.string({ unit: 'grapheme' })).map((metadata) => ({ ...metadata }));

/** A file with any header over `dataBytes` zeros, for what our own encoder would not write. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const text = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

describe('safetensors', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(anyTensors, anyMetadata, (tensors, metadata) => {
        const file = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(new Map(file.tensors.map((tensor) => [tensor.name, tensor]))).toEqual(
          new Map(tensors.map((tensor) => [tensor.name, tensor])),
        );
        expect(Object.entries(file.metadata).sort()).toEqual(Object.entries(metadata).sort());
      }),
    );
  });

  it('aligns each tensor to its element size', () => {
    fc.assert(
      fc.property(anyTensors, (tensors) => {
        const bytes = encodeSafetensors(tensors, {});
        const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        expect((8 + headerBytes) % 8).toBe(0);
        let begin = 0;
        for (const { dtype, data } of decodeSafetensors(bytes).tensors) {
          expect(begin % dtypeBytes[dtype]).toBe(0);
          begin += data.length;
        }
      }),
    );
  });

  it('hands out copies that outlive the bytes they came from', () => {
    const bytes = Buffer.from(encodeSafetensors([float32Tensor('weights', [1, 2])], {}));
    const [tensor] = decodeSafetensors(bytes).tensors;
    bytes.fill(0);
    expect(new Float32Array(tensor.data.buffer)).toEqual(Float32Array.of(1, 2));
  });

  it('is the format as published: length, header, data', () => {
    const bytes = encodeSafetensors([float32Tensor('w', [1])], { a: 'b' });
    const header = '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    expect(Buffer.from(bytes)).toEqual(
      Buffer.from([80, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header.padEnd(80)), 0, 0, 0x80, 0x3f]),
    );
  });

  it('refuses to write what it could not read', () => {
    const tensor = float32Tensor('w', [1, 2]);
    expect(() => encodeSafetensors([tensor, tensor], {})).toThrow(/name "w" is taken/);
    expect(() => encodeSafetensors([{ ...tensor, name: '__metadata__' }], {})).toThrow(/is taken/);
    expect(() => encodeSafetensors([{ ...tensor, shape: [3] }], {})).toThrow(/has 8 bytes, its shape asks for 12/);
  });

  const bad: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(0), /empty/],
    ['half a length', new Uint8Array(5), /cut off after 5 bytes/],
    ['a huge header', new Uint8Array(16).fill(0xff), /more than the 100000000 allowed/],
    [
      'a header longer than the file',
      Uint8Array.of(16, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d),
      /claims 16 bytes, 2 are there/,
    ],
    ['no JSON', fileOf('{"a":', 0), /not JSON/],
    ['no object', fileOf('[]', 0), /not a JSON object/],
    ['text that is not UTF-8', Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, ...Buffer.alloc(8, 0xff)), /not JSON/],
    ['a tensor that is no object', fileOf('{"w":1}', 0), /tensor "w"/],
    ['an unknown type', fileOf('{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}', 4), /dtype/],
    ['an unknown key', fileOf('{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":1}}', 4), /"x"/],
    ['a negative extent', fileOf('{"w":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}', 4), /shape/],
    ['a fraction', fileOf('{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,3.5]}}', 4), /data_offsets/],
    [
      'offsets the wrong way round',
      fileOf('{"w":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}', 4),
      /before its begin/,
    ],
    ['a tensor past the end', fileOf('{"w":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}', 4), /ends at 8 of 4/],
    ['a shape of another size', fileOf('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4), /asks for 8/],
    ['an overflowing shape', fileOf('{"w":{"dtype":"U8","shape":[9e15,9e15],"data_offsets":[0,4]}}', 4), /asks for/],
    [
      'an overlap',
      fileOf(
        '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}',
        6,
      ),
      /overlaps/,
    ],
    ['a hole', fileOf('{"w":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}', 8), /hole/],
    [
      'a remainder',
      fileOf('{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', 9),
      /tensors end at 4, the data at 9/,
    ],
    ['metadata that are not text', fileOf('{"__metadata__":{"a":1}}', 0), /__metadata__\.a is not a string/],
  ];

  it.each(bad)('refuses %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }));
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it('refuses any bytes at all with a coded error, never another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 64 }), (bytes, length) => {
        if (bytes.length >= 8) new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
        expect(() => decodeSafetensors(bytes)).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }));
      }),
    );
  });
});
