// Every mistake of a configuration as one line: its path, what is wrong, and for an unknown key the nearest known one.

import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { keysAt, valuesAt } from './json-schema.ts';

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
  return [`${dotted(path)}: ${whatIsWrong(issue, path)}`];
}

/** zod's message in the words of whoever wrote the file, plus the option that was probably meant. */
function whatIsWrong(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `missing; needs ${nameOf(issue.expected)}`
        : `needs ${nameOf(issue.expected)}, not ${nameOf(/received (\w+)$/.exec(issue.message)?.[1] ?? 'this')}`;
    case 'invalid_value':
      return oneOf(issue.values.map(String), issue.input);
    case 'invalid_union':
      return issue.errors.length > 0
        ? `needs ${issue.errors.map(wanted).join(' or ')}`
        : oneOf(valuesAt(path), keyOf(issue.input, path.at(-1)));
    default:
      return issue.message;
  }
}

function oneOf(options: readonly string[], given: unknown): string {
  const near = typeof given === 'string' ? nearest(given, options) : null;
  const missing = given === undefined ? 'missing; ' : '';
  return `${missing}needs one of ${options.join(', ')}${near ? `; did you mean '${near}'?` : ''}`;
}

/** What one alternative of a union asks for. */
function wanted([issue]: readonly z.core.$ZodIssue[]): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  return issue.code === 'invalid_type' ? nameOf(issue.expected) : issue.message;
}

/** A type of JSON as a writer of YAML calls it. */
function nameOf(type: string): string {
  if (type === 'object') return 'keys and values';
  if (type === 'null') return 'nothing';
  return type === 'array' ? 'a list' : `a ${type === 'int' ? 'whole number' : type}`;
}

/** The value of a key, of an object that may be none. */
function keyOf(value: unknown, key: PropertyKey | undefined): unknown {
  if (typeof value !== 'object' || value === null || key === undefined) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
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
  // `password:secret`, without a space, is a key to YAML: what follows its name is not to be shown.
  const name = /^[^:=]*/.exec(key)?.[0] ?? '';
  if (name !== key) return `${dotted([...path, `${name}…`])}: unknown key; a value follows a colon and a space`;
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
