// Input and outputs must be different things: an output that is the input would empty it, and two outputs in one file
// would overwrite each other.

import { resolve } from 'node:path';

interface End {
  readonly kafka?: { readonly topic: string; readonly brokers?: readonly string[] | undefined } | undefined;
  readonly file?: { readonly path: string } | undefined;
}

interface Ends {
  readonly source: End;
  readonly predictions?: End | undefined;
  readonly deadLetters?: End | undefined;
}

/** Each output that is the same file or topic as an end before it: its key, and what is wrong. */
export function sharedEnds({ source, predictions, deadLetters }: Ends): { key: string; message: string }[] {
  const cluster = source.kafka?.brokers?.join();
  const seen = new Map<string, string>();
  const shared: { key: string; message: string }[] = [];
  for (const [key, end] of Object.entries({ source, predictions, deadLetters })) {
    const place = end && placeOf(end, cluster);
    if (!place) continue;
    const other = seen.get(place);
    if (other) shared.push({ key, message: `goes where ${other} is: ${place}` });
    seen.set(place, key);
  }
  return shared;
}

function placeOf({ kafka, file }: End, cluster: string | undefined): string | null {
  if (kafka) return `topic ${kafka.topic} at ${kafka.brokers?.join() ?? cluster}`;
  if (!file || file.path === '-') return null;
  // Standard input and output have one name, and a device keeps nothing that could be overwritten.
  const path = resolve(file.path);
  return path.startsWith('/dev/') ? null : `file ${path}`;
}
