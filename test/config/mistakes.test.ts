import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { nearest } from '../../src/config/mistakes.ts';
import { refusal } from './files.ts';

const least = { source: { file: { path: 'in.csv' } }, schema: { target: { type: 'binary' } } };

/** The mistakes of a configuration, line by line. */
function mistakesOf(changes: object): string[] {
  const { code, message } = refusal(() => checkConfig({ ...least, ...changes }, 'x.yaml'));
  expect(code).toBe('config-invalid');
  const [title, ...lines] = message.split('\n');
  expect(title).toBe(lines.length === 1 ? 'x.yaml has 1 mistake:' : `x.yaml has ${lines.length} mistakes:`);
  return lines.map((line) => line.replace(/^ {2}/, ''));
}

const schema = (changes: object) => ({ schema: { ...least.schema, ...changes } });

describe('mistakes', () => {
  it('are all told at once, each with its path', () => {
    expect(mistakesOf({ sorce: {}, http: { port: 99_999 }, model: { seed: 'x' }, metrics: { windw: 3 } })).toEqual([
      'model.seed: needs a number, not a string',
      'http.port: Too big: expected number to be <=65535',
      "metrics.windw: unknown key; did you mean 'window'?",
      "sorce: unknown key; did you mean 'source'?",
    ]);
  });

  it.each<[object, string]>([
    [
      { model: { optimizer: { type: 'sgd', learningrate: 1 } } },
      "model.optimizer.learningrate: unknown key; did you mean 'learningRate'?",
    ],
    [{ checkpoint: { dri: 'x' } }, "checkpoint.dri: unknown key; did you mean 'dir'?"],
    [{ http: { prot: 1 } }, "http.prot: unknown key; did you mean 'port'?"],
    [
      { model: { hidden: [32, { units: 3, dropuot: 0.1 }] } },
      "model.hidden[1].dropuot: unknown key; did you mean 'dropout'?",
    ],
    [
      schema({ features: [{ name: 'x', typ: 'numeric' }] }),
      "schema.features[0].typ: unknown key; did you mean 'type'?",
    ],
    [{ zzzzzzzz: 1 }, 'zzzzzzzz: unknown key'],
  ])('name the key that was probably meant: %j', (changes, line) => {
    expect(mistakesOf(changes)).toEqual([line]);
  });

  it.each<[object, string]>([
    [
      { model: { optimizer: { type: 'adma' } } },
      "model.optimizer.type: needs one of sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw; did you mean 'adam'?",
    ],
    [
      { model: { optimizer: {} } },
      'model.optimizer.type: missing; needs one of sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw',
    ],
    [{ model: { loss: 'hubber' } }, "model.loss: needs one of squared, huber, cross-entropy; did you mean 'huber'?"],
    [schema({ target: {} }), 'schema.target.type: missing; needs one of binary, multiclass, regression'],
    [
      schema({ features: [{ name: 'x', type: 'categorial' }] }),
      "schema.features[0].type: needs one of numeric, boolean, categorical; did you mean 'categorical'?",
    ],
  ])('name the option that was probably meant: %j', (changes, line) => {
    expect(mistakesOf(changes)).toEqual([line]);
  });

  it.each<[object, string]>([
    [{ checkpoint: true }, 'checkpoint: needs false or keys and values'],
    [{ checkpoint: { keep: 0 } }, 'checkpoint.keep: Too small: expected number to be >=1'],
    [{ model: { rehearsal: 'off' } }, 'model.rehearsal: needs false or keys and values'],
    [{ model: { clipInputs: 'x' } }, 'model.clipInputs: needs a number or false'],
    [{ model: { hidden: 'x' } }, 'model.hidden: needs a list, not a string'],
    [{ model: null }, 'model: needs keys and values, not nothing'],
    [schema({ target: { type: 'binary', from: 3 } }), 'schema.target.from: needs a string or a list'],
    [schema({ features: [5] }), 'schema.features[0]: needs keys and values, not a number'],
  ])('of one way out of several tell what was expected: %j', (changes, line) => {
    expect(mistakesOf(changes)).toEqual([line]);
  });
});

describe('the nearest word', () => {
  it('is near, whatever the case, or none', () => {
    const words = ['learningRate', 'momentum', 'type'];
    expect(nearest('LEARNING_RATE', words)).toBe('learningRate');
    expect(nearest('tpye', words)).toBe('type');
    expect(nearest('brokers', words)).toBeNull();
    expect(nearest('x', [])).toBeNull();
  });
});
