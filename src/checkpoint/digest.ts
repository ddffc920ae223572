// The SHA-256 that a checkpoint file carries of itself, so that one flipped bit anywhere in it is found.
// It covers the whole file with the 64 characters of the digest itself read as zeros.

import { createHash } from 'node:crypto';
import { metadataKey, prefixBytes } from './safetensors-format.ts';

/** The metadata key of the digest; it must be the first one, so that the digest has one place in every file. */
export const digestKey = 'sha256';

/** What stands for the digest until the file is sealed, and while it is hashed. */
export const blankDigest = '0'.repeat(64);

const opening = Buffer.from(`{"${metadataKey}":{"${digestKey}":"`);
const digestAt = prefixBytes + opening.length;
const digestEnd = digestAt + blankDigest.length;

/** Whether the file has a digest where Millrace puts it. */
export function hasDigest(bytes: Uint8Array): boolean {
  return bytes.length >= digestEnd && opening.equals(bytes.subarray(prefixBytes, digestAt));
}

/** Writes the digest into the file, in place; the file must have a blank one (or any other) where Millrace puts it. */
export function seal(bytes: Uint8Array): void {
  if (!hasDigest(bytes)) throw new TypeError(`${metadataKey} does not begin with ${digestKey}`);
  bytes.set(Buffer.from(digestOf(bytes), 'latin1'), digestAt);
}

/** Whether the digest that the file carries is that of its bytes. */
export function isSealed(bytes: Uint8Array): boolean {
  if (!hasDigest(bytes)) return false;
  return Buffer.from(digestOf(bytes), 'latin1').equals(bytes.subarray(digestAt, digestEnd));
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256')
    .update(bytes.subarray(0, digestAt))
    .update(blankDigest)
    .update(bytes.subarray(digestEnd))
    .digest('hex');
}
