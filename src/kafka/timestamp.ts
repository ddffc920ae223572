// Which times of records are taken for one.

/** 2^51 ms, some 71,000 years from 1970: between later times there are differences that a number does not hold. */
const timestampMsMax = 2 ** 51;

/** A record's time in milliseconds since 1970; NaN where it has none: a negative one, or one that nobody can have meant. */
export function timeOf(timestampMs: number): number {
  return timestampMs >= 0 && timestampMs <= timestampMsMax ? timestampMs : Number.NaN;
}
