// The column names of a CSV input.

import { parse } from 'csv-parse/sync';
import { MillraceError, messageOf } from '../errors.ts';

/** The names in a header record, blanks around them dropped. Throws MillraceError('source-header'). */
export function parseCsvHeader(header: Uint8Array, path: string): string[] {
  const names = splitHeader(header, path);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new MillraceError(
        'source-header',
        `The header of ${path} names the column "${name}" twice (columns: ${names.join(', ')}). Rename one of them.`,
      );
    }
    seen.add(name);
  }
  return names;
}

function splitHeader(header: Uint8Array, path: string): string[] {
  try {
    const [names] = parse(Buffer.from(header), { trim: true });
    return names ?? [];
  } catch (error) {
    throw new MillraceError(
      'source-header',
      `The header of ${path} is not a CSV row: ${messageOf(error)}. Its first line must hold the column names.`,
      { cause: error },
    );
  }
}
