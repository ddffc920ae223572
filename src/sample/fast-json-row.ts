// JSON records of numeric features, decoded without parsing: `{"features": […] or {…}, "label": …}` or flat, features in the
// schema's order. What it accepts JSON.parse accepts too, and gives the same row; a test of random records holds it to that.
// It goes forward only and asks for each byte: what has closed the object before the record's end has used nothing beyond.

import { createLabelScanner, type FastRow, type RowArrays, scanFeature } from './fast-row.ts';
import { hasName, over, QUOTE, quotable, skipMember, skipSpace, toValue } from './json-bytes.ts';
import type { BoundSchema, NumericFeature } from './schema.ts';

const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const container = Buffer.from('features');

/** The fast way for a schema; null where a feature is not numeric or a path leads deeper than one key. */
export function createFastJsonRow(schema: BoundSchema): FastRow | null {
  const features = schema.features.filter((feature): feature is NumericFeature => feature.type === 'numeric');
  const { target, weight } = schema;
  const isPlain = features.length === schema.features.length && features.every(({ from }) => from === null);
  const [labelName] = target.from;
  if (!isPlain || target.from.length !== 1 || weight !== null || labelName.includes('.')) return null;
  const names = features.map(({ name }) => name);
  if (names.includes(labelName) || names.includes('features') || labelName === 'features') return null;
  return createScanner(features, labelName, createLabelScanner(target));
}

function createScanner(
  features: readonly NumericFeature[],
  labelName: string,
  scanLabel: ReturnType<typeof createLabelScanner>,
): FastRow {
  const count = features.length;
  const names = features.map(({ name }) => quotable(name));
  const label = quotable(labelName);
  let bytes: Uint8Array;
  let into: RowArrays;
  let row = 0;
  let found = 0;
  let hasLabel = false;
  let hasContainer = false;

  function takeFeature(at: number): number {
    const index = found++;
    return scanFeature(bytes, at, features[index], into.inputs, row * count + index);
  }

  function takeLabel(at: number): number {
    if (hasLabel) return -1;
    hasLabel = true;
    return scanLabel(bytes, at, into.targets, row);
  }

  function takeContainer(at: number): number {
    if (hasContainer || found > 0) return -1;
    hasContainer = true;
    if (bytes[at] === OPEN_LIST) return takeList(at + 1);
    return bytes[at] === OPEN_OBJECT ? takeMembers(at + 1, false) : -1;
  }

  function takeList(start: number): number {
    found = count;
    return scanList(bytes, start, features, into.inputs, row * count);
  }

  /** The members of an object from behind its brace; gives where the object ends. */
  function takeMembers(start: number, isTop: boolean): number {
    let at = skipSpace(bytes, start);
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      at = takeMember(at + 1, isTop);
      if (at < 0) return -1;
      at = skipSpace(bytes, at);
      if (bytes[at] === CLOSE_OBJECT) return at + 1;
      if (bytes[at] !== COMMA) return -1;
      at = skipSpace(bytes, at + 1);
    }
  }

  /** A member from its name on. */
  function takeMember(at: number, isTop: boolean): number {
    // Beside a container no feature is looked for: a name that says so is left to JSON.parse.
    const takesFeatures = found < count && !(isTop && hasContainer);
    if (takesFeatures && hasName(bytes, at, names[found])) return named(at, names[found], takeFeature);
    if (isTop && hasName(bytes, at, label)) return named(at, label, takeLabel);
    if (isTop && hasName(bytes, at, container)) return named(at, container, takeContainer);
    return skipMember(bytes, at, names);
  }

  function named(at: number, name: Uint8Array, take: (at: number) => number): number {
    const value = toValue(bytes, at + name.length);
    return value < 0 ? -1 : take(value);
  }

  return ({ bytes: within, from, to }, toRow, arrays) => {
    bytes = within;
    into = arrays;
    row = toRow;
    found = 0;
    hasLabel = false;
    hasContainer = false;
    const open = skipSpace(bytes, from);
    if (bytes[open] !== OPEN_OBJECT) return false;
    const end = takeMembers(open + 1, true);
    if (end < 0 || end > to || found !== count || skipSpace(bytes, end) < to) return false;
    into.labelled[row] = hasLabel ? 1 : 0;
    into.weights[row] = 1;
    return true;
  };
}

/** The numbers of a list behind its bracket, one for each feature, into `inputs[first …]`; gives where the list ends. */
function scanList(
  bytes: Uint8Array,
  start: number,
  features: readonly NumericFeature[],
  inputs: Float32Array,
  first: number,
): number {
  let at = start;
  for (let index = 0; index < features.length; index++) {
    at = scanFeature(bytes, skipSpace(bytes, at), features[index], inputs, first + index);
    if (at >= 0) at = over(bytes, at, index < features.length - 1 ? COMMA : CLOSE_LIST);
    if (at < 0) return -1;
  }
  return at;
}
