// How the records of an input are told apart and read.

import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';
import type { FileFraming } from '../../file/file-source.ts';
import type { Source } from '../../pipeline/ports.ts';
import { createCsvFormat } from '../../sample/csv-format.ts';
import { createFloat32Format } from '../../sample/float32-format.ts';
import { float32Misfits, layoutOf } from '../../sample/float32-layout.ts';
import { createJsonFormat } from '../../sample/json-format.ts';
import type { RecordFormat } from '../../sample/record-reader.ts';
import type { SchemaSpec } from '../../sample/schema.ts';

/** What a file may hold. */
export const fileFormats = ['csv', 'ndjson', 'float32'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** The format by a path's ending: csv, else ndjson. */
export function formatOf(path: string): 'csv' | 'ndjson' {
  return /\.csv$/i.test(path) ? 'csv' : 'ndjson';
}

/** How the records of a file lie in it. Throws MillraceError('config-invalid') where float32 records cannot hold the schema. */
export function framingOf(format: FileFormat, { features, target, weight }: SchemaSpec): FileFraming {
  if (format !== 'float32') return format;
  const [misfit] = float32Misfits({ features, weight });
  if (misfit) throw new MillraceError('config-invalid', `schema.${misfit.path.join('.')}: ${misfit.message}`);
  if (!features) throw new MillraceError('config-invalid', 'schema.features: a float32 file needs them listed');
  return { recordBytes: layoutOf(features.length, target).recordBytes };
}

/** How the records of a configuration's open source are read. Throws MillraceError where a CSV header does not fit the schema. */
export function createFormat(config: Config, spec: SchemaSpec, source: Source): RecordFormat {
  const { kafka, file } = config.source;
  if (kafka?.format === 'float32') return createFloat32Format(spec, config.model.scale, { mayLackTargets: true });
  return createFileFormat(config, spec, source, file?.format === 'float32');
}

/** The same of any open file, or of a source whose records are JSON. */
export function createFileFormat(config: Config, spec: SchemaSpec, source: Source, isFloat32: boolean): RecordFormat {
  const { scale } = config.model;
  if (isFloat32) return createFloat32Format(spec, scale, { mayLackTargets: false });
  return source.columns ? createCsvFormat(spec, scale, source.columns) : createJsonFormat(spec, scale);
}
