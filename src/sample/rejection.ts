// Why a record is not learnt from: the codes of the dead letters. docs/errors.md is checked against this list.

export const rejectionReasons = {
  tombstone: 'The record has no value.',
  'too-large': 'The record is longer than `source.maxRecordBytes`.',
  malformed: 'The value is not JSON (or not a CSV row, or no whole number of float32 values), or not an object.',
  'wrong-arity': 'The record has more or fewer features than the schema.',
  'missing-feature':
    'A feature is absent or null (or a NaN of a float32 record) and the schema says `missing: reject`.',
  'bad-feature': 'A feature has a type that the schema does not expect.',
  'not-finite': 'A number is NaN, infinite, or too large for float32.',
  'out-of-range': 'A number is outside the range that the schema declares.',
  'unknown-category': 'A categorical value is not among the declared values.',
  'unknown-class': 'The label is not among the declared classes.',
  'bad-label': 'The label has a type that the target does not expect.',
  'bad-weight': 'The sample weight is not a finite number of at least 0.',
} as const;

export type RejectionReason = keyof typeof rejectionReasons;
