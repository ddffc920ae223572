// The model of an example over a plain file, which the oracle learns the same samples from again.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';

const exampleSchema = z.looseObject({
  source: z.looseObject({ kafka: z.looseObject({}) }),
  schema: z.unknown(),
  model: z.unknown(),
});
/** An example that reads from Kafka. */
export type KafkaExample = z.output<typeof exampleSchema>;

/** Reads one of config/, by its path from the project's root. */
export async function readExample(path: string): Promise<KafkaExample> {
  return exampleSchema.parse(parse(await readFile(join(root, path), 'utf8')));
}

/** A configuration, and the NDJSON file that it reads. */
export interface Relearn {
  readonly config: string;
  readonly lines: string;
}

/** Writes it for the model of an example; the oracle writes the lines. */
export async function writeRelearn(folder: string, example: string): Promise<Relearn> {
  const { schema, model } = await readExample(example);
  const files = { config: join(folder, 'relearn.yaml'), lines: join(folder, 'relearn.ndjson') };
  const source = { file: { path: files.lines } };
  await writeFile(files.config, stringify({ source, schema, model, http: false }));
  return files;
}
