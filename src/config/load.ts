// From a YAML file, the environment and `--set` to a checked configuration, or to every mistake in it at once.

import { readFileSync } from 'node:fs';
import { Document, isCollection, isMap } from 'yaml';
import { MillraceError, messageOf } from '../errors.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { describeMistakes } from './mistakes.ts';
import { type Config, configSchema } from './schema.ts';
import { parseYaml, plainValue } from './yaml-text.ts';

export interface LoadOptions {
  /** The file given with `-c`. */
  readonly file: string;
  /** `path=value` assignments, applied in order after the file; values are YAML. */
  readonly set: readonly string[];
  readonly environment: Environment;
}

/** Throws MillraceError 'config-unreadable' or 'config-invalid'; the latter lists every mistake with its path. */
export function loadConfig({ file, set, environment }: LoadOptions): Config {
  const parsed = asYaml(file, () => parseYaml(readText(file)));
  const document = parsed.contents === null ? new Document({}) : parsed;
  if (!isMap(document.contents))
    throw new MillraceError('config-invalid', `${file}: the top level must be keys and values`);
  for (const assignment of set) assign(document, assignment);
  interpolate(document, environment);
  return checkConfig(
    asYaml(file, () => plainValue(document)),
    file,
  );
}

/** Runs what reads YAML; without the cause, which may quote it. */
function asYaml<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw new MillraceError('config-unreadable', `${file}: not YAML: ${messageOf(error)}`);
  }
}

/** Checks an already parsed configuration; `place` names it in messages. */
export function checkConfig(value: unknown, place: string): Config {
  const result = configSchema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const mistakes = describeMistakes(result.error.issues);
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  throw new MillraceError(
    'config-invalid',
    `${place} has ${count}:\n${mistakes.map((line) => `  ${line}`).join('\n')}`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new MillraceError('config-unreadable', `cannot read the configuration ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function assign(document: Document, assignment: string): void {
  const at = assignment.indexOf('=');
  // Whatever stands there may hold a secret: of an assignment only the path is ever told.
  if (at < 1) throw new MillraceError('usage-invalid', '--set needs path=value: one has no `=`, or nothing before it');
  const path = assignment.slice(0, at);
  const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const value = document.createNode(parseValue(path, assignment.slice(at + 1)));
  try {
    setIn(document, steps, value);
  } catch (error) {
    throw new MillraceError('usage-invalid', `--set ${path}: cannot be set: ${messageOf(error)}`, { cause: error });
  }
}

function setIn(document: Document, path: readonly (string | number)[], value: unknown): void {
  // A scalar, `false` say, or an empty key gives way to the keys that are set below it.
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth);
    if (document.hasIn(above) && !isCollection(document.getIn(above))) document.deleteIn(above);
  }
  document.setIn(path, value);
}

/** The value as it is written: a quoted reference stays a text, here as in a file. */
function parseValue(path: string, text: string): unknown {
  // YAML's mark of a list item, but on a command line the name of standard input or output.
  if (text === '-') return text;
  try {
    const document = parseYaml(text);
    plainValue(document); // aliases of its own anchors only
    return document.contents;
  } catch (error) {
    throw new MillraceError('usage-invalid', `--set ${path}: the value is not YAML: ${messageOf(error)}`);
  }
}
