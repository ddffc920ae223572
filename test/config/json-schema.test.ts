import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configJsonSchema, keysAt, valuesAt } from '../../src/config/json-schema.ts';
import { sourceFiles } from '../tooling/source-files.ts';

/** Whether an editor that reads the schema would find nothing to underline. */
const editor = z.fromJSONSchema(configJsonSchema());
const isFine = (value: unknown) => editor.safeParse(value).success;

const least = { source: { file: { path: 'in.csv' } }, schema: { target: { type: 'binary' } } };
const kafka = (brokers: unknown) => ({ ...least, source: { kafka: { brokers, topic: 't' } } });

describe('the JSON Schema', () => {
  it('accepts every example and every short form', () => {
    const examples = sourceFiles('config/*.yaml').map(({ text }) => parse(text));
    const short = [
      least,
      { ...least, model: { hidden: 32 } },
      { ...least, model: { hidden: [32, { units: 8 }] } },
      { ...least, schema: { ...least.schema, features: ['x', { name: 'y' }, { name: 'z', type: 'boolean' }] } },
      kafka('localhost:9092'),
      kafka(['a:1', 'b:2']),
      { ...least, http: false, checkpoint: false },
    ];
    for (const config of [...examples, ...short]) expect(isFine(config), JSON.stringify(config)).toBe(true);
  });

  it('underlines what a run would refuse', () => {
    const wrong = [
      {},
      { ...least, sorce: 1 },
      { ...least, model: { hidden: 0 } },
      { ...least, model: { optimizer: { type: 'sdg' } } },
      { ...least, schema: { ...least.schema, features: [{ name: 'x', typ: 'numeric' }] } },
      { ...least, schema: { ...least.schema, features: [{ type: 'boolean' }] } },
      { ...least, checkpoint: { keep: 0 } },
      { ...least, source: { kafka: { topic: 't' } } },
    ];
    for (const config of wrong) expect(isFine(config), JSON.stringify(config)).toBe(false);
  });

  it('knows the keys and values at a path, over all alternatives', () => {
    expect(keysAt(['http'])).toEqual(['host', 'port', 'adminToken', 'lastScrapeMs']);
    expect(keysAt(['model', 'hidden', 1])).toEqual(['units', 'activation', 'dropout']);
    expect(keysAt(['schema', 'features', 0])).toEqual(
      expect.arrayContaining(['name', 'from', 'type', 'scale', 'values', 'buckets']),
    );
    expect(valuesAt(['model', 'batchReduction'])).toEqual(['mean', 'sum']);
    expect(valuesAt(['model', 'initializer', 'type'])).toEqual(expect.arrayContaining(['xavier', 'uniform']));
    expect([keysAt(['nowhere', 'at', 'all']), valuesAt(['name'])]).toEqual([[], []]);
  });
});
