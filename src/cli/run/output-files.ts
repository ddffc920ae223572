// The files that a checkpoint's marks are of: a mark is a length, and cutting another file back to it would destroy that one.

import { normalize } from 'node:path';
import type { CheckpointMeta } from '../../checkpoint/checkpoint.ts';
import type { Config } from '../../config/schema.ts';
import { MillraceError } from '../../errors.ts';

/** The output files that a configuration names; null where an output is none. */
export function outputFiles({ predictions, deadLetters }: Config): CheckpointMeta['outputs'] {
  const pathOf = (output: { readonly file?: { readonly path: string } | undefined } | undefined) =>
    output?.file ? normalize(output.file.path) : null;
  return { predictions: pathOf(predictions), deadLetters: pathOf(deadLetters) };
}

/** Throws checkpoint-mismatch where a mark would be applied to another file than the one it is of. */
export function requireSameOutputs({ marks, outputs }: CheckpointMeta, config: Config, checkpoint: string): void {
  const now = outputFiles(config);
  for (const key of ['predictions', 'deadLetters'] as const) {
    if (marks[key] === null || outputs[key] === null || outputs[key] === now[key]) continue;
    throw new MillraceError(
      'checkpoint-mismatch',
      `checkpoint ${checkpoint} is not of this configuration:\n  ${key}:\n    checkpoint:    ${outputs[key]}\n` +
        `    configuration: ${now[key] ?? 'no file'}\nUndo the change, or start anew with another \`name\` or \`checkpoint.dir\`.`,
    );
  }
}
