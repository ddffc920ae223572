// `${VAR}` and `${VAR:-default}` in a YAML document, from the environment; `VAR_FILE` names a file that holds VAR's value.

import { readFileSync } from 'node:fs';
import { type Document, isPair, isScalar, Scalar, visit } from 'yaml';
import { MillraceError } from '../errors.ts';
import { secretKeys } from './without-secrets.ts';
import { parseYaml, plainValue } from './yaml-text.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces references in every string of the document, in place. An unquoted value that held a reference and became a
 * number, boolean, null or `[list]` is one (`port: ${PORT:-9464}`); any other, a quoted one, and a secret or a name of who
 * one is (`password: ${PASSWORD}`) is the text as it is.
 * Throws MillraceError('config-invalid') naming an unset variable, 'config-secret-unreadable' naming a secret's file.
 */
export function interpolate(document: Document, environment: Environment): void {
  visit(document, {
    Scalar(key, node, path) {
      if (key === 'key' || !isScalar(node) || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const text = node.value.replace(reference, (_, name: string, fallback?: string) =>
        valueOfVariable(name, fallback, environment),
      );
      node.value = node.type === Scalar.PLAIN && !isText(path.at(-1)) ? typed(text) : text;
    },
  });
}

/** Whether a key and its value are a secret or say who one is: digits are a fine password. */
function isText(parent: unknown): boolean {
  if (!isPair(parent)) return false;
  // What --set adds has plain keys.
  const key = String(isScalar(parent.key) ? parent.key.value : parent.key);
  return secretKeys.has(key) || key === 'username' || key === 'clientId';
}

/** What a text is to YAML, where that is plain to see: a secret may well begin with `@` or hold a `#`. */
function typed(text: string): unknown {
  if (!/^([\w.+~-]*|\[.*\])$/s.test(text)) return text;
  try {
    const value = plainValue(parseYaml(text));
    if (value === null) return /^(null|~|)$/i.test(text) ? null : text;
    return typeof value !== 'object' || Array.isArray(value) === text.startsWith('[') ? value : text;
  } catch {
    return text;
  }
}

function valueOfVariable(name: string, fallback: string | undefined, environment: Environment): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  const file = environment[`${name}_FILE`];
  if (file) return readSecret(name, file);
  if (fallback !== undefined) return fallback;
  throw new MillraceError(
    'config-invalid',
    `the configuration uses \${${name}}, which is not set: set it, or write \${${name}:-default}`,
  );
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    // Not what the variable holds, nor the error, which repeats it: it may be the secret itself.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no file';
    throw new MillraceError(
      'config-secret-unreadable',
      `${name}_FILE: cannot read the file that it names (${code}); it must hold a path, not the secret itself`,
    );
  }
}
