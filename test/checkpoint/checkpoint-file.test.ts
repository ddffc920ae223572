import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint-file.ts';
import { encodeSafetensors } from '../../src/checkpoint/safetensors-encode.ts';
import { checkpointOf } from './checkpoints.ts';

const damaged = (message: RegExp) =>
  expect.objectContaining({ code: 'checkpoint-damaged', message: expect.stringMatching(message) });

describe('a checkpoint file', () => {
  it('gives back what was written, to the last bit', () => {
    const key = fc.string({ minLength: 1 }).filter((name) => !/^(\d+|sha256|format|sequence|__proto__)$/.test(name));
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue(), { noNullPrototype: true }), fc.nat(), (meta, sequence) => {
        const checkpoint = { ...checkpointOf(sequence), meta: JSON.parse(JSON.stringify(meta)) };
        expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  it('is the same bytes for the same checkpoint', () => {
    expect(encodeCheckpoint(checkpointOf(7))).toEqual(encodeCheckpoint(checkpointOf(7)));
  });

  it.each(['sha256', 'format', 'sequence', '12'])('has no room for metadata called %s', (name) => {
    expect(() => encodeCheckpoint({ ...checkpointOf(1), meta: { [name]: 1 } })).toThrow(TypeError);
  });

  it('leaves out metadata that are undefined', () => {
    expect(decodeCheckpoint(encodeCheckpoint({ ...checkpointOf(1), meta: { a: undefined, b: 0 } })).meta).toEqual({
      b: 0,
    });
  });

  it('that is of somebody else is told apart from one that is damaged', () => {
    expect(() => decodeCheckpoint(encodeSafetensors([], { name: 'x' }))).toThrow(
      damaged(/^it is not a Millrace checkpoint$/),
    );
    const bytes = encodeCheckpoint(checkpointOf(1));
    bytes[bytes.length - 1] ^= 1;
    expect(() => decodeCheckpoint(bytes)).toThrow(damaged(/SHA-256 does not match/));
  });
});
