// The records of a file or of a synthetic stream as the float32 records that decode to the same samples.

import { schemaSpec } from '../../config/resolve.ts';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import type { Source } from '../../pipeline/ports.ts';
import { createDecoder } from '../../sample/decoder.ts';
import { encodeFloat32 } from '../../sample/encode-float32.ts';
import type { Chunk } from '../../sample/record.ts';
import type { RecordFormat } from '../../sample/record-reader.ts';
import type { BoundSchema } from '../../sample/schema.ts';
import { createFileFormat } from '../run/format.ts';

/**
 * Encodes chunks of an open source: what is missing is sent as NaN, what is out of range as it is, for whoever reads it to
 * judge. Throws MillraceError('usage-invalid') at the first record that is no sample at all.
 */
export function createToFloat32(config: Config, source: Source): (chunk: Chunk) => Uint8Array[] {
  const format = sparing(createFileFormat(config, schemaSpec(config), source, false));
  const { maxRecordBytes } = config.source;
  const decoder = createDecoder({ format, schema: format.known, maxRecordBytes });
  return (chunk) => {
    const block = decoder.decode(chunk);
    const [rejection] = block.rejections;
    if (rejection) {
      const offset = chunk.records.offset(rejection.index);
      throw new MillraceError(
        'usage-invalid',
        `record ${offset} of ${source.name} has no float32 form, so it and what follows was not sent: ${rejection.message}`,
      );
    }
    return decoder.schema ? encodeFloat32(block, decoder.schema) : [];
  };
}

/** The format with features that may be missing and have any value. */
function sparing(format: RecordFormat): RecordFormat {
  return {
    ...format,
    known: format.known && spare(format.known),
    infer: (value) => {
      const schema = format.infer(value);
      return schema && spare(schema);
    },
  };
}

function spare(schema: BoundSchema): BoundSchema {
  const features = schema.features.map((feature) =>
    feature.type === 'numeric'
      ? { ...feature, missing: 'mean' as const, min: null, max: null }
      : { ...feature, missing: 'mean' as const },
  );
  return { ...schema, features };
}
