// What a schema may not ask of an input of float32 records, told before anything is read.

import { type Float32Candidate, float32Misfits, layoutOf } from '../sample/float32-layout.ts';
import type { TargetSpec } from '../sample/schema.ts';

interface Candidate {
  readonly source: {
    readonly kafka?: { readonly format: string } | undefined;
    readonly file?: { readonly format?: string | undefined } | undefined;
    readonly maxRecordBytes: number;
  };
  readonly schema: Float32Candidate & { readonly target: Pick<TargetSpec, 'type' | 'from'> };
}

interface Mistake {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Each mistake with its key; none where the source has another format. */
export function float32Mistakes({ source, schema }: Candidate): Mistake[] {
  const { kafka, file, maxRecordBytes } = source;
  if (kafka?.format !== 'float32' && file?.format !== 'float32') return [];
  const mistakes: Mistake[] = float32Misfits(schema).map(({ path, message }) => ({
    path: ['schema', ...path],
    message,
  }));
  if (file && !schema.features)
    mistakes.push({
      path: ['schema', 'features'],
      message: 'a float32 file is cut into records by their number: list the features',
    });
  const { recordBytes } = layoutOf(schema.features?.length ?? 0, schema.target);
  if (schema.features && recordBytes > maxRecordBytes)
    mistakes.push({
      path: ['source', 'maxRecordBytes'],
      message: `is ${maxRecordBytes}, but a float32 record of this schema has ${recordBytes} bytes: raise it`,
    });
  return mistakes;
}
