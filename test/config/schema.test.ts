import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig, loadConfig } from '../../src/config/load.ts';
import { withoutSecrets } from '../../src/config/without-secrets.ts';
import { projectRoot, sourceFiles } from '../tooling/source-files.ts';
import { refusal } from './files.ts';

const source = { file: { path: 'in.csv' } };
const binary = { target: { type: 'binary' } };
const regression = { target: { type: 'regression' } };
const multiclass = { target: { type: 'multiclass', classes: ['a', 'b', 'c'] } };

const check = (changes: object) => checkConfig({ source, schema: binary, ...changes }, 'x');
const mistake = (changes: object) => refusal(() => check(changes)).message.split('\n  ')[1];

describe('what may be written for short', () => {
  it('is hidden units, features by name, one label and brokers in one string', () => {
    expect(check({ model: { hidden: 8 } }).model.hidden).toEqual([{ units: 8, activation: 'relu', dropout: 0 }]);
    expect(check({ model: { hidden: [8, { units: 4, activation: 'tanh' }] } }).model.hidden).toMatchObject([
      { units: 8, activation: 'relu' },
      { units: 4, activation: 'tanh' },
    ]);
    expect(check({ model: { hidden: [] } }).model.hidden).toEqual([]);
    const { schema } = check({ schema: { ...binary, features: ['x', { name: 'y' }] } });
    expect(schema.features).toMatchObject([
      { name: 'x', type: 'numeric', missing: 'reject' },
      { name: 'y', type: 'numeric' },
    ]);
    expect(check({ schema: { target: { type: 'binary', from: 'is_fraud' } } }).schema.target.from).toEqual([
      'is_fraud',
    ]);
    const kafka = (brokers: unknown) => check({ source: { kafka: { brokers, topic: 't' } } }).source.kafka?.brokers;
    expect(kafka('a:1, b:2')).toEqual(['a:1', 'b:2']);
    expect(kafka(['a:1,b:2', 'c:3'])).toEqual(['a:1', 'b:2', 'c:3']);
  });
});

describe('where tokens are had', () => {
  const sasl = (tokenEndpoint: string) => ({
    source: {
      kafka: {
        ...{ brokers: 'a', topic: 't' },
        sasl: { mechanism: 'oauthbearer', clientId: 'c', clientSecret: 'hunter2', tokenEndpoint },
      },
    },
  });

  it('is a URL without user and password', () => {
    const path = 'source.kafka.sasl.tokenEndpoint';
    const held = `${path}: must hold no user and password: set \`clientId\` and \`clientSecret\``;
    expect(mistake(sasl('https://user:hunter2@id.example/token'))).toBe(held);
    expect(mistake(sasl('https://user@id.example/token'))).toBe(held);
    for (const wrong of ['hunter2', 'file:///hunter2'])
      expect(mistake(sasl(wrong))).toBe(`${path}: needs a URL that begins with https:// or http://`);
  });

  it('is shown without its query', () => {
    const { source: shown } = JSON.parse(
      JSON.stringify(withoutSecrets(check(sasl('https://id.example:8443/token?key=hunter2')))),
    );
    expect(shown.kafka.sasl.tokenEndpoint).toBe('https://id.example:8443/token?(secret)');
    expect(JSON.stringify(shown)).not.toContain('hunter2');
  });
});

describe('TLS to Kafka', () => {
  const tls = (value: unknown) => mistake({ source: { kafka: { brokers: 'a', topic: 't', tls: value } } });

  it('takes a certificate and its key together only', () => {
    expect(tls({ cert: 'c.pem' })).toBe('source.kafka.tls.key: missing; `cert` needs its private key');
    expect(tls({ key: 'k.pem' })).toBe('source.kafka.tls.cert: missing; `key` needs its certificate');
    expect(tls({ passphrase: 'p' })).toBe('source.kafka.tls.key: missing; `passphrase` is that of a key');
    const pair = { cert: 'c.pem', key: 'k.pem', passphrase: 'p' };
    const { kafka } = check({ source: { kafka: { brokers: 'a', topic: 't', tls: pair } } }).source;
    expect(kafka?.tls).toEqual(pair);
  });
});

describe('what does not go together', () => {
  it.each<[object, string]>([
    [{ source: {} }, 'source: needs exactly one of kafka, file, synthetic; has 0'],
    [
      { source: { ...source, kafka: { brokers: 'a', topic: 't' } } },
      'source: needs exactly one of kafka, file, synthetic; has 2',
    ],
    [{ predictions: {} }, 'predictions: needs exactly one of kafka, file'],
    [{ schema: { target: { type: 'multiclass' } } }, 'schema.target.classes: multiclass needs its classes listed'],
    [
      { schema: { target: { type: 'binary', classes: [1, 2, 3] } } },
      'schema.target.classes: binary has two classes: [negative, positive]',
    ],
    [{ schema: { target: { type: 'binary', classes: [1, '1'] } } }, 'schema.target.classes: a class is listed twice'],
    [{ schema: { target: { type: 'binary', from: ['a', 'b'] } } }, 'schema.target.from: only regression takes a list'],
    [
      { schema: { target: { type: 'regression', classes: [1, 2] } } },
      'schema.target.classes: regression has no classes',
    ],
    [{ schema: { ...binary, features: ['x', 'x'] } }, "schema.features: feature 'x' is listed twice"],
    [
      { schema: { ...binary, features: [{ name: 'c', type: 'categorical' }] } },
      'schema.features[0]: a categorical feature needs either values or buckets',
    ],
    [
      { schema: regression, model: { loss: 'cross-entropy' } },
      'model.loss: cross-entropy needs a binary or multiclass target',
    ],
    [{ model: { loss: 'huber' } }, 'model.loss: huber needs a regression target'],
    [{ model: { outputActivation: 'softmax' } }, 'model.outputActivation: softmax needs a multiclass target'],
    [
      { schema: multiclass, model: { outputActivation: 'sigmoid' } },
      'model.outputActivation: a multiclass target needs softmax',
    ],
    [{ model: { classWeights: [1, 2, 3] } }, 'model.classWeights: needs one number for each class'],
    [{ schema: regression, model: { classWeights: [1, 2] } }, 'model.classWeights: needs one number for each class'],
    [{ model: { initializer: { type: 'uniform', low: 1, high: -1 } } }, 'model.initializer: low is above high'],
  ])('%j', (changes, line) => {
    expect(mistake(changes)).toBe(line);
  });

  it.each<[object, string]>([
    [{}, 'schema.features: a float32 file is cut into records by their number: list the features'],
    [
      { features: ['a', { name: 'c', type: 'categorical', values: ['x'] }] },
      "schema.features[1].type: float32 records hold numbers, and 'c' is categorical: send JSON, or a boolean feature for each value",
    ],
    [
      { features: ['a'], weight: 'w' },
      'schema.weight: float32 records have no sample weight: leave it out, or send JSON',
    ],
    [
      { features: ['a', 'b'] },
      'source.maxRecordBytes: is 10, but a float32 record of this schema has 12 bytes: raise it',
    ],
  ])('float32 records and a schema of %j', (changes, line) => {
    const schema = { ...binary, ...changes };
    const file = { path: 'in.f32', format: 'float32' };
    expect(mistake({ source: { file, maxRecordBytes: 10 }, schema })).toBe(line);
    expect(() => check({ source: { file: { path: 'in.ndjson' }, maxRecordBytes: 10 }, schema })).not.toThrow();
  });

  it('float32 records of a topic and features left to the first of them do', () => {
    const kafka = { brokers: 'a', topic: 't', format: 'float32' };
    expect(check({ source: { kafka } }).source.kafka?.format).toBe('float32');
    expect(mistake({ source: { kafka }, schema: { ...binary, weight: 'w' } })).toMatch(/^schema\.weight: /);
  });
});

describe('every example in config/', () => {
  const examples = sourceFiles('config/*.yaml');

  it('is found', () => expect(examples.length).toBeGreaterThan(0));

  it.each(examples)('$path is sound, and names the schema for editors', ({ path, text }) => {
    expect(() => loadConfig({ file: resolve(projectRoot, path), set: [], environment: {} })).not.toThrow();
    expect(text).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
  });
});
