// YAML with refusals that say where and why, and never what stands there: it may be a secret.

import { type Document, type ErrorCode, LineCounter, parseDocument } from 'yaml';

/** Reasons in place of the parser's own where those quote the text. */
const reasons: Partial<Record<ErrorCode, string>> = {
  BAD_COLLECTION_TYPE: 'a tag (!…) does not fit what follows; a text that begins with ! must be quoted',
  BAD_DIRECTIVE: 'a line that begins with % is no directive; a text that begins with % must be quoted',
  BAD_DQ_ESCAPE: 'an unknown escape (\\…) in double quotes; single quotes take a backslash as it is',
  BAD_SCALAR_START: 'a text cannot begin with this character unless it is quoted',
  TAG_RESOLVE_FAILED: 'an unknown tag (!…); a text that begins with ! must be quoted',
  UNEXPECTED_TOKEN: 'this cannot stand here; a text with special characters must be quoted',
};

/** Parses a text. Throws an Error with line, column and reason. */
export function parseYaml(text: string): Document {
  const lineCounter = new LineCounter();
  // A warning of the library goes to stderr, and quotes too.
  const document = parseDocument(text, { prettyErrors: false, lineCounter, logLevel: 'error' });
  const [mistake] = document.errors;
  if (!mistake) return document;
  const { line, col } = lineCounter.linePos(mistake.pos[0]);
  throw new Error(`line ${line}, column ${col}: ${reasons[mistake.code] ?? mistake.message}`);
}

/** What a document holds, aliases followed. Throws an Error with the reason. */
export function plainValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // The library names the alias.
    if (error instanceof ReferenceError && error.message.startsWith('Unresolved alias'))
      throw new Error('an alias (*…) has no anchor (&…) before it; a text that begins with * must be quoted');
    throw error;
  }
}
