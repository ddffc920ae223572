// Whether a checkpoint may be resumed by the configuration at hand: never under another network, schema or input,
// and with a word about every other difference.

import { isDeepStrictEqual } from 'node:util';
import { MillraceError } from '../errors.ts';
import type { CheckpointMeta } from './checkpoint.ts';

/** What the configuration says of the model that is to be resumed. */
export type ExpectedCheckpoint = Pick<CheckpointMeta, 'origin' | 'network' | 'schema' | 'fold'>;

/** Keys of `fold` that change which arrays the state holds or what they mean: as grave as another network. */
const statefulKeys: readonly string[] = [
  'target',
  'optimizer.type',
  'scale',
  'standardizeTarget',
  'rehearsal.buffer',
  'metricsWindow',
];

const shownMax = 8;

/**
 * Null where the checkpoint at `path` may be resumed; else MillraceError('checkpoint-mismatch') whose message shows
 * both sides of every difference that forbids it.
 */
export function compareCheckpoint(
  meta: CheckpointMeta,
  expected: ExpectedCheckpoint,
  path: string,
): MillraceError | null {
  const both = (what: string, there: string, here: string): string =>
    `  ${what}:\n    checkpoint:    ${there}\n    configuration: ${here}`;
  const parts: string[] = [];
  if (meta.network !== expected.network) parts.push(both('network', meta.network, expected.network));
  if (!isDeepStrictEqual(meta.schema, expected.schema)) {
    parts.push(both('schema', showLines(meta.schema, expected.schema), showLines(expected.schema, meta.schema)));
  }
  if (meta.origin !== expected.origin) parts.push(both('input', meta.origin, expected.origin));
  for (const { key, there, here } of foldDifferences(meta, expected)) {
    if (isStateful(key)) parts.push(both(key, there, here));
  }
  if (parts.length === 0) return null;
  return new MillraceError(
    'checkpoint-mismatch',
    [
      `checkpoint ${path} is not of this configuration:`,
      ...parts,
      'Undo the change, or start anew with another `name` or `checkpoint.dir`.',
    ].join('\n'),
  );
}

/**
 * What differs and yet may be resumed (learning rate, seed, …), a line each: the model goes on, but a re-learning
 * from the beginning would not give the same weights.
 */
export function checkpointDifferences(meta: CheckpointMeta, expected: ExpectedCheckpoint): string[] {
  return foldDifferences(meta, expected)
    .filter(({ key }) => !isStateful(key))
    .map(({ key, there, here }) => `${key}: ${there} in the checkpoint, ${here} in the configuration`);
}

interface FoldDifference {
  /** Dotted path in `fold`. */
  readonly key: string;
  readonly there: string;
  readonly here: string;
}

function foldDifferences(meta: CheckpointMeta, expected: ExpectedCheckpoint): FoldDifference[] {
  const there = flatten(meta.fold);
  const here = flatten(expected.fold);
  const keys = [...new Set([...there.keys(), ...here.keys()])];
  return keys
    .filter((key) => there.get(key) !== here.get(key))
    .map((key) => ({ key, there: there.get(key) ?? 'nothing', here: here.get(key) ?? 'nothing' }));
}

/** A difference counts as stateful at a key above or below one of the list, too: `rehearsal: null`, `scale.3`. */
function isStateful(key: string): boolean {
  return statefulKeys.some((stateful) => key === stateful || stateful.startsWith(`${key}.`));
}

/** The leaves of nested objects as JSON by dotted path; arrays are leaves. */
function flatten(fold: Readonly<Record<string, unknown>>, prefix = ''): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [key, value] of Object.entries(fold)) {
    // The checkpoint's side went through JSON, so an undefined value is as good as none.
    if (value === undefined) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [path, leaf] of flatten({ ...value }, `${prefix}${key}.`)) leaves.set(path, leaf);
    } else {
      leaves.set(`${prefix}${key}`, JSON.stringify(value));
    }
  }
  return leaves;
}

/** The schema's lines; of a long one only those that the other side lacks, where there are any. */
function showLines(lines: readonly string[], others: readonly string[]): string {
  const own = lines.length > shownMax ? lines.filter((line) => !others.includes(line)) : lines;
  if (own.length === 0) return `${lines.length} lines, none that the other side lacks, in another order or repeated`;
  const rest = own.length - shownMax;
  return own.slice(0, shownMax).join(' | ') + (rest > 0 ? ` | … ${rest} more` : '');
}
