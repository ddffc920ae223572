// CSV rows of numeric features, decoded without splitting: unquoted cells, each a plain number. What it accepts the
// thorough way accepts too, and gives the same row. A number that what lies behind the row would go on with is left to that.

import { createLabelScanner, type FastRow, scanFeature } from './fast-row.ts';
import type { BoundSchema, FeatureSpec, NumericFeature } from './schema.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;

/** What a column is: a feature, the label, or nothing that the schema asks for. */
type Column = { readonly feature: NumericFeature; readonly place: number } | 'label' | 'other';

/** The fast way for a schema under a header; null where a feature is not numeric or a column means two things. */
export function createFastCsvRow(
  schema: BoundSchema,
  columns: readonly string[],
  columnOf: (feature: FeatureSpec) => string,
): FastRow | null {
  const { features, target, weight } = schema;
  const isPlain = features.every(({ type }) => type === 'numeric') && target.from.length === 1 && weight === null;
  const names = [...features.map(columnOf), ...target.from];
  if (!isPlain || new Set(names).size !== names.length) return null;
  const kinds = columns.map((name): Column => {
    const place = features.findIndex((feature) => columnOf(feature) === name);
    const feature = features[place];
    if (feature?.type === 'numeric') return { feature, place };
    return name === target.from[0] ? 'label' : 'other';
  });
  const count = features.length;
  const hasLabel = kinds.includes('label') ? 1 : 0;
  const scanLabel = createLabelScanner(target);
  return ({ bytes, from, to }, row, into) => {
    let at = from;
    for (let index = 0; index < kinds.length; index++) {
      const kind = kinds[index];
      if (kind === 'label') at = scanLabel(bytes, at, into.targets, row);
      else if (kind === 'other') at = skipCell(bytes, at, to);
      else at = scanFeature(bytes, at, kind.feature, into.inputs, row * count + kind.place);
      if (at < 0) return false;
      if (index < kinds.length - 1 && bytes[at++] !== COMMA) return false;
    }
    into.labelled[row] = hasLabel;
    into.weights[row] = 1;
    return at === to;
  };
}

/** To the comma or the end behind a cell; −1 where it has a quote or anything but ASCII. */
function skipCell(bytes: Uint8Array, start: number, to: number): number {
  let at = start;
  while (at < to && bytes[at] !== COMMA) {
    if (bytes[at] === QUOTE || bytes[at] > 0x7e || bytes[at] < 0x20) return -1;
    at++;
  }
  return at;
}
