// One checkpoint as the bytes of one file: a safetensors file whose metadata hold everything that is not an array,
// sealed by a SHA-256 over all of it. What reads back without complaint is what was written, to the last bit.

import { MillraceError, messageOf } from '../errors.ts';
import type { Checkpoint } from '../pipeline/ports.ts';
import { blankDigest, digestKey, hasDigest, isSealed, seal } from './digest.ts';
import { decodeSafetensors } from './safetensors-decode.ts';
import { encodeSafetensors } from './safetensors-encode.ts';

/** The format written and read; the number rises when an older Millrace could not read it rightly any more. */
export const checkpointFormat = 'millrace-checkpoint/1';

/** Metadata keys that are not the caller's. */
const reservedKeys: ReadonlySet<string> = new Set([digestKey, 'format', 'sequence']);

/** The bytes of a checkpoint file. Throws TypeError for metadata under a reserved key (sha256, format, sequence). */
export function encodeCheckpoint({ sequence, tensors, meta }: Checkpoint): Uint8Array {
  const metadata: [string, string][] = [
    [digestKey, blankDigest],
    ['format', checkpointFormat],
    ['sequence', String(sequence)],
  ];
  for (const [key, value] of Object.entries(meta)) {
    // As the digest must be the first key, and an integer-like key would be moved before it.
    if (reservedKeys.has(key) || /^\d+$/.test(key)) throw new TypeError(`checkpoint metadata cannot be named ${key}`);
    if (value !== undefined) metadata.push([key, JSON.stringify(value)]);
  }
  const bytes = encodeSafetensors(tensors, Object.fromEntries(metadata));
  seal(bytes);
  return bytes;
}

/** The checkpoint in the bytes of a file. Throws MillraceError('checkpoint-damaged') telling what is wrong with them. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { [digestKey]: _digest, format, sequence, ...meta } = metadata;
  if (format === undefined || !hasDigest(bytes)) throw damaged('it is not a Millrace checkpoint');
  if (format !== checkpointFormat) throw damaged(foreignFormat(format));
  if (!isSealed(bytes)) throw damaged('its SHA-256 does not match: the file has changed since it was written');
  return { sequence: Number(sequence), tensors, meta: parseValues(meta) };
}

function damaged(what: string, cause?: unknown): MillraceError {
  return new MillraceError('checkpoint-damaged', what, { cause });
}

function foreignFormat(format: string): string {
  const version = Number(/^millrace-checkpoint\/(\d+)$/.exec(format)?.[1]);
  const reads = `this Millrace reads ${checkpointFormat}`;
  return version > 1
    ? `it was written by a newer Millrace, in format ${format}, and ${reads}`
    : `its format is ${JSON.stringify(format)}, and ${reads}`;
}

function parseValues(meta: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(meta).map(([key, text]): [string, unknown] => {
      try {
        return [key, JSON.parse(text)];
      } catch (error) {
        throw damaged(`its metadata ${key} are not JSON: ${messageOf(error)}`, error);
      }
    }),
  );
}
