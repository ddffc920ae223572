// A CSV row as the JSON record that decodes to the same sample: numbers stay as they are spelt.

import { splitRow } from '../../sample/csv-format.ts';

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Turns rows under a header into `{"column": value, …}`; a row that is none is sent as it is, for the dead letters. */
export function createRowToJson(columns: readonly string[]): (row: Uint8Array) => Uint8Array {
  const names = columns.map((column) => JSON.stringify(column));
  return (row) => {
    const cells = splitRow(Buffer.from(row).toString('utf8'));
    if (cells?.length !== names.length) return row;
    const fields = cells.map((cell, column) => `${names[column]}:${jsonValue(cell)}`);
    return Buffer.from(`{${fields.join(',')}}`);
  };
}

function jsonValue(cell: string): string {
  const text = cell.trim();
  if (text === '') return 'null';
  return jsonNumber.test(text) ? text : JSON.stringify(text);
}
