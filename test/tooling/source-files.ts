// The project's own source files with their text, for checks of style.

import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../..');

/** One file: its path from the project's root, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Files matching a glob from the project's root, in the order of their names. */
export function sourceFiles(pattern: string): SourceFile[] {
  return globSync(pattern, { cwd: projectRoot })
    .sort()
    .map((path) => ({ path, text: readFileSync(resolve(projectRoot, path), 'utf8') }));
}

/** The text without its comments (also cuts what follows `//` inside a string). */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
