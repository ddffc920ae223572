// Every mistake of a configuration as one line: its path, what is wrong, and for an unknown key the nearest known one.

import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { keysAt } from './json-schema.ts';

/** The mistakes that zod found, one line each, in the order of the file. */
export function describeMistakes(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => describe(issue, []));
}

function describe(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_union') {
    const branch = likeliest(issue.errors);
    if (branch) return branch.flatMap((nested) => describe(nested, path));
  }
  return [`${dotted(path)}: ${issue.message}`];
}

/** Of a union's alternatives, the one that got furthest: others are noise to whoever wrote the file. */
function likeliest(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const deep = errors.filter((issues) =>
    issues.some((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'),
  );
  const objects = deep.filter(
    (issues) => !issues.some((issue) => issue.code === 'invalid_value' && !issue.path.length),
  );
  return objects.length === 1 ? objects[0] : undefined;
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  const near = nearest(key, keysAt(path));
  return `${dotted([...path, key])}: unknown key${near ? `; did you mean '${near}'?` : ''}`;
}

/** The candidate that a mistyped word most likely meant, or null where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0) return null;
  const lower = word.toLowerCase();
  const byLower = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  const best = closest(lower, [...byLower.keys()]);
  const near = distance(lower, best) <= Math.max(2, Math.ceil(lower.length / 3));
  return near ? (byLower.get(best) ?? null) : null;
}

function dotted(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? '(top level)' : text.replace(/^\./, '');
}
