import { expect, it } from 'vitest';
import { renderLines } from '../../src/file/render.ts';
import type { OutputRecord } from '../../src/sample/record.ts';

const record = (value: string | null): OutputRecord => ({
  key: null,
  value: value === null ? null : Buffer.from(value),
  headers: [],
  timestampMs: null,
  partition: 0,
});

it('renders values as they are, a line each', () => {
  expect(renderLines([record('{"a":1}'), record(null), record('é')], 'value').toString()).toBe('{"a":1}\n\né\n');
  expect(renderLines([], 'value')).toHaveLength(0);
});

it('renders dead letters as JSON, a line each', () => {
  const lines = renderLines([record('x\ny'), record(null)], 'dead-letter')
    .toString()
    .split('\n');
  expect(lines.slice(0, 2).map((line) => JSON.parse(line).value)).toEqual(['x\ny', null]);
  expect(lines[2]).toBe('');
});
