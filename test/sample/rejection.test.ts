// Every reason for a dead letter, produced by a record that deserves it, with the message its reader sees.

import { describe, expect, it } from 'vitest';
import { type RejectionReason, rejectionReasons } from '../../src/sample/rejection.ts';
import { categorical, decodeOne, jsonDecoder, numeric, schemaOf } from './samples.ts';

const decoder = jsonDecoder(
  schemaOf([numeric('amount', { min: 0, max: 1000 }), categorical('country', ['DE', 'FR'])], { weight: 'weight' }),
  100,
);

/** A sound record, changed as said. */
function record(changes: Record<string, unknown>): string {
  return JSON.stringify({ amount: 5, country: 'DE', label: 1, ...changes });
}

const deserving: Record<RejectionReason, [value: string | Uint8Array | null, message: string]> = {
  tombstone: [null, 'the record has no value'],
  'too-large': [record({ note: 'x'.repeat(80) }), '127 bytes or more, source.maxRecordBytes is 100'],
  malformed: ['[1, 2]', 'not an object: [1,2]'],
  'wrong-arity': ['{"features": [1, 2, 3], "label": 1}', "'features' has 3 values, the schema 2"],
  'missing-feature': [record({ amount: null }), "feature 'amount' is missing"],
  'bad-feature': [record({ amount: '5' }), `feature 'amount' is "5", not a number`],
  'not-finite': ['{"amount":1e39,"country":"DE"}', "feature 'amount' is 1e+39, not a finite float32"],
  'out-of-range': [record({ amount: -1 }), "feature 'amount' is -1, outside 0 to 1000"],
  'unknown-category': [record({ country: 'UK' }), `feature 'country' is "UK", not among its declared values`],
  'unknown-class': [record({ label: 2 }), "label 'label' is 2, not one of [0,1]"],
  'bad-label': [record({ label: [1] }), "label 'label' is [1], not a class"],
  'bad-weight': [record({ weight: -0.5 }), 'the weight is -0.5, not a finite number of at least 0'],
};

describe('a record is rejected as', () => {
  it.each(Object.keys(rejectionReasons))('%s', (reason) => {
    const [value, message] = Object.entries(deserving).find(([name]) => name === reason)?.[1] ?? ['', ''];
    expect(decodeOne(decoder, value)).toEqual({ reason, message });
  });

  it('none of these where it is sound', () => {
    expect(decodeOne(decoder, record({}))).toEqual({ record: 0, inputs: [5, 1, 0], label: [1], weight: 1 });
  });
});
