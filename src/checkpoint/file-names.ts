// How checkpoint files are named, so that several models can share a folder and each sees only its own files.

import { createHash } from 'node:crypto';

/** Names one model's files and knows them again. */
export interface FileNames {
  /** The file of a checkpoint: `NAME-000000000012345.safetensors`. */
  checkpoint(sequence: number): string;
  /** Where that file is written before it has its name; `tag` tells writers apart. */
  temporary(sequence: number, tag: string): string;
  /** The sequence of a checkpoint file of this model, else null. */
  sequenceOf(fileName: string): number | null;
  isTemporary(fileName: string): boolean;
}

const digits = 15;
const nameCharactersMax = 150;

/** The file names of the model called `name`. No two names share files, nor does one name's pattern match another's. */
export function createFileNames(name: string): FileNames {
  const stem = safeStem(name);
  const literal = stem.replace(/[.]/g, '\\.');
  // A number above 15 digits is still a safe integer up to 16 of them.
  const checkpointPattern = new RegExp(`^${literal}-(\\d{${digits},16})\\.safetensors$`);
  const temporaryPattern = new RegExp(`^${literal}-\\d{${digits},16}\\.safetensors\\.tmp-[0-9a-f]+$`);
  const checkpoint = (sequence: number): string => `${stem}-${String(sequence).padStart(digits, '0')}.safetensors`;
  return {
    checkpoint,
    temporary: (sequence, tag) => `${checkpoint(sequence)}.tmp-${tag}`,
    sequenceOf: (fileName) => {
      const match = checkpointPattern.exec(fileName);
      return match ? Number(match[1]) : null;
    },
    isTemporary: (fileName) => temporaryPattern.test(fileName),
  };
}

/** The name with all but letters, digits, `_`, `-` and inner dots as `%XX`, shortened by a hash where it is long. */
function safeStem(name: string): string {
  const stem = Array.from(Buffer.from(name, 'utf8'), (byte, index) => {
    const character = String.fromCharCode(byte);
    const plain = /[A-Za-z0-9_-]/.test(character) || (character === '.' && index > 0);
    return plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  if (stem === '') return '%';
  if (stem.length <= nameCharactersMax) return stem;
  return `${stem.slice(0, nameCharactersMax)}%${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}
