// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such references are what is tested.
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { interpolate } from '../../src/config/interpolate.ts';
import { fileWith, refusal } from './files.ts';

/** What a YAML text holds once its references are replaced. */
function contentsOf(text: string, environment: Record<string, string> = {}): unknown {
  const document = parseDocument(text);
  interpolate(document, environment);
  return document.toJS();
}

describe('a reference', () => {
  it('becomes the variable, or its default where that is unset or empty', () => {
    expect(contentsOf('a: ${X}', { X: 'x' })).toEqual({ a: 'x' });
    expect(contentsOf('a: ${X:-fallback}')).toEqual({ a: 'fallback' });
    expect(contentsOf('a: ${X:-fallback}', { X: '' })).toEqual({ a: 'fallback' });
    expect(contentsOf('a: ${X:-fallback}', { X: 'x' })).toEqual({ a: 'x' });
    expect(contentsOf('a: "${X:-}"')).toEqual({ a: '' });
  });

  it('may stand inside a text, with others, in lists and below', () => {
    const text = 'a: [{ b: "${HOST}:${PORT:-9092}" }, "pre-${HOST}-post"]';
    expect(contentsOf(text, { HOST: 'h' })).toEqual({ a: [{ b: 'h:9092' }, 'pre-h-post'] });
  });

  it('unquoted takes the type of what it became, quoted it stays a text', () => {
    expect(contentsOf('a: ${X}', { X: '9464' })).toEqual({ a: 9464 });
    expect(contentsOf('a: ${X}', { X: 'false' })).toEqual({ a: false });
    expect(contentsOf('a: ${X:-[1, 2]}')).toEqual({ a: [1, 2] });
    expect(contentsOf('a: "${X}"', { X: '9464' })).toEqual({ a: '9464' });
  });

  it.each([
    '@home',
    'a: b',
    'a #b',
    '# no comment',
    '[half',
    '*star',
    '&and',
    '%d',
    '- dash',
    "it's",
    '{x',
    '12 # 3',
    '|',
  ])('that became %j is that very text, whatever YAML would make of it', (secret) => {
    expect(contentsOf('a: ${X}', { X: secret })).toEqual({ a: secret });
    expect(contentsOf('a: "${X}"', { X: secret })).toEqual({ a: secret });
  });

  it('is not looked for in what it became, nor in keys', () => {
    expect(contentsOf('a: "${X}"', { X: '${Y}', Y: 'no' })).toEqual({ a: '${Y}' });
    expect(contentsOf('"${X}": 1', { X: 'x' })).toEqual({ '${X}': 1 });
  });

  it('to what is not set is refused by name, with both remedies', () => {
    expect(refusal(() => contentsOf('a: ${KAFKA_PASSWORD}'))).toEqual({
      code: 'config-invalid',
      message:
        'the configuration uses ${KAFKA_PASSWORD}, which is not set: set it, or write ${KAFKA_PASSWORD:-default}',
    });
  });
});

describe('VAR_FILE', () => {
  it('names a file that holds the value, less its line end', () => {
    const path = fileWith('');
    writeFileSync(path, 's3cret: #1\n');
    expect(contentsOf('a: ${PASSWORD}', { PASSWORD_FILE: path })).toEqual({ a: 's3cret: #1' });
    expect(contentsOf('a: ${PASSWORD:-none}', { PASSWORD_FILE: path })).toEqual({ a: 's3cret: #1' });
    expect(contentsOf('a: ${PASSWORD}', { PASSWORD_FILE: path, PASSWORD: 'given' })).toEqual({ a: 'given' });
  });

  it.each([
    ['a path to nothing', '/nowhere/hunter2', 'ENOENT'],
    ['the secret itself', 'hunter2', 'ENOENT'],
    ['a long secret', 'hunter2'.repeat(1000), 'ENAMETOOLONG'],
  ])('that holds %s is told by the variable alone', (_case, value, why) => {
    const { code, message } = refusal(() => contentsOf('a: ${PASSWORD}', { PASSWORD_FILE: value }));
    expect(code).toBe('config-secret-unreadable');
    expect(message).toMatch(new RegExp(`^PASSWORD_FILE: cannot read the file that it names \\(${why}\\)`));
    expect(message).not.toContain('hunter2');
  });
});
