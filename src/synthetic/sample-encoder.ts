// Samples as the bytes of a record, digit by digit: making JSON text from numbers would cost more than the sample.

import type { Generator } from './generator.ts';

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
/** The longest feature, any int32 in millionths: `-2147.483648`. */
const FEATURE_BYTES_MAX = 12;
/** The longest label, any integer up to 2^53 in millionths: sign, 16 digits and a point. */
const LABEL_BYTES_MAX = 18;

export interface SampleEncoder {
  /** Upper bound of a record's bytes. */
  readonly recordBytesMax: number;
  /**
   * Writes `{"features":{"x1":0.123456,…},"label":1}` at `at` and returns the end. Features and a regression label are
   * in millionths and are written with six decimals, a class as 0 or 1.
   */
  encode(features: Int32Array, label: number, bytes: Buffer, at: number): number;
}

/** An encoder for the samples of a generator; features are named x1, x2, … */
export function createSampleEncoder({ features, target }: Generator): SampleEncoder {
  const names = Array.from({ length: features }, (_, index) =>
    Buffer.from(`${index === 0 ? '{"features":{' : ','}"x${index + 1}":`),
  );
  const beforeLabel = Buffer.from('},"label":');
  const end = Buffer.from('}');
  const fixedBytes = [...names, beforeLabel, end].reduce((sum, part) => sum + part.length, 0);
  return {
    recordBytesMax: fixedBytes + features * FEATURE_BYTES_MAX + LABEL_BYTES_MAX,
    encode(values, label, bytes, start) {
      let at = start;
      for (let index = 0; index < features; index += 1) {
        at = append(names[index], bytes, at);
        at = writeMicro(values[index], bytes, at);
      }
      at = append(beforeLabel, bytes, at);
      at = target === 'binary' ? writeInteger(label, bytes, at) : writeMicro(label, bytes, at);
      return append(end, bytes, at);
    },
  };
}

/** Copies byte by byte: for so few bytes a call of `set` costs more. */
function append(part: Buffer, bytes: Buffer, start: number): number {
  for (let index = 0; index < part.length; index += 1) bytes[start + index] = part[index];
  return start + part.length;
}

function writeMicro(value: number, bytes: Buffer, start: number): number {
  let at = start;
  let rest = value;
  if (rest < 0) {
    bytes[at] = MINUS;
    at += 1;
    rest = -rest;
  }
  const whole = Math.floor(rest / 1_000_000);
  rest -= whole * 1_000_000;
  at = writeInteger(whole, bytes, at);
  bytes[at] = POINT;
  for (let digit = 6; digit >= 1; digit -= 1) {
    const next = Math.floor(rest / 10);
    bytes[at + digit] = ZERO + rest - next * 10;
    rest = next;
  }
  return at + 7;
}

/** Writes an integer of at least 0. */
function writeInteger(value: number, bytes: Buffer, start: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits += 1;
  let rest = value;
  for (let digit = digits - 1; digit >= 0; digit -= 1) {
    const next = Math.floor(rest / 10);
    bytes[start + digit] = ZERO + rest - next * 10;
    rest = next;
  }
  return start + digits;
}
