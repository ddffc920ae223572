import { describe, expect, it } from 'vitest';
import { infer } from '../../../src/monitor/inference/infer.ts';
import { describeInputs, describeOutputs } from '../../../src/monitor/inference/output-tensors.ts';
import { unpacked } from '../../../src/sample/packed-records.ts';
import { chunksOf, foldOf, learnChunk, recordsOf } from '../../pipeline/parts.ts';
import { chunkOf } from '../../sample/samples.ts';
import { type Kind, rowsOf, servedBy, tensorsOf, trainedFold } from '../trained-model.ts';

const rows = rowsOf(60);

/** What the stream publishes for the rows as records without a label. */
function published(kind: Kind): Record<string, unknown>[] {
  const { predictions } = learnChunk(
    trainedFold(kind),
    chunkOf(
      rows.map((row) => JSON.stringify(row)),
      500,
    ),
  );
  return unpacked(predictions).map(({ value }) => JSON.parse(String(value)));
}

function answerOf(kind: Kind, request: object = {}) {
  return infer('m', servedBy(trainedFold(kind)), { inputs: tensorsOf(rows), ...request });
}

describe('predictions over HTTP', () => {
  it('are those of the stream at that model version, to the last bit: binary', () => {
    const stream = published('binary');
    const { model_version, outputs } = answerOf('binary');
    expect(stream.every(({ modelVersion }) => String(modelVersion) === model_version)).toBe(true);
    expect(outputs.map(({ name, datatype, shape }) => [name, datatype, shape])).toEqual([
      ['prediction', 'BYTES', [60]],
      ['probability', 'FP32', [60]],
    ]);
    expect(outputs[0].data).toEqual(stream.map(({ prediction }) => prediction));
    expect(outputs[1].data).toEqual(stream.map(({ probability }) => probability));
  });

  it('are those of the stream: multiclass', () => {
    const stream = published('multiclass');
    const [prediction, probabilities] = answerOf('multiclass').outputs;
    expect(prediction).toMatchObject({ datatype: 'INT64', data: stream.map((each) => each.prediction) });
    expect(probabilities).toMatchObject({ shape: [60, 3], parameters: { classes: ['3', '5', '7'] } });
    expect(probabilities.data).toEqual(stream.flatMap((each) => Object.values(Object(each.probabilities))));
  });

  it('are those of the stream: regression', () => {
    const [prediction] = answerOf('regression').outputs;
    expect(prediction).toMatchObject({ datatype: 'FP32', shape: [60] });
    expect(prediction.data).toEqual(published('regression').map((each) => each.prediction));
  });

  it('change nothing of the model', () => {
    const fold = trainedFold('binary');
    const before = fold.snapshot();
    for (let times = 0; times < 3; times++) infer('m', servedBy(fold), { inputs: tensorsOf(rows) });
    expect(fold.snapshot()).toEqual(before);
  });

  it('take all features in one tensor, flat or nested, or one for each', () => {
    const fold = foldOf();
    for (const chunk of chunksOf(recordsOf(100), 10)) learnChunk(fold, chunk);
    const ask = (...inputs: object[]) => infer('m', servedBy(fold), { inputs }).outputs;
    const all = { name: 'features', datatype: 'FP32', shape: [3, 2] };
    const column = { datatype: 'FP64', shape: [3] };
    const flat = ask({ ...all, data: [0.5, -1, 2, 0.25, -3, 1] });
    expect(flat[1].data).toHaveLength(3);
    expect(new Set(flat[1].data).size).toBe(3);
    expect(
      ask({
        ...all,
        data: [
          [0.5, -1],
          [2, 0.25],
          [-3, 1],
        ],
      }),
    ).toEqual(flat);
    expect(ask({ ...column, name: 'y', data: [-1, 0.25, 1] }, { ...column, name: 'x', data: [0.5, 2, -3] })).toEqual(
      flat,
    );
  });

  it('give back the id, and only the outputs that are wanted', () => {
    const answer = answerOf('binary', { id: 'a-1', outputs: [{ name: 'probability' }] });
    expect(answer).toMatchObject({ model_name: 'm', id: 'a-1', outputs: [{ name: 'probability' }] });
    expect(answer.outputs).toHaveLength(1);
  });

  it('describe what they take and give', () => {
    const { schema } = servedBy(trainedFold('multiclass'));
    expect(describeInputs(schema).map(({ name, datatype }) => `${name} ${datatype}`)).toEqual([
      'amount FP64',
      'ratio FP64',
      'country BYTES',
      'known BOOL',
    ]);
    expect(describeOutputs(schema)).toMatchObject([{ shape: [-1] }, { shape: [-1, 3] }]);
  });
});

describe('a request that has no prediction', () => {
  const model = servedBy(trainedFold('binary'));
  const [amount, ratio, country, known] = tensorsOf(rows.slice(0, 2));
  const others = [ratio, country, known];
  const nested = { name: 'features', datatype: 'FP32', shape: [1, 4] };
  /** A tensor of nested rows, each of the length that is said. */
  const rowsOfLengths = (rowCount: number, ...lengths: number[]) => {
    const data = lengths.map((length) => Array.from({ length }, () => 1));
    return { inputs: [{ ...nested, shape: [rowCount, 4], data }] };
  };

  it.each<[string, unknown, string]>([
    ['no object', 'x', 'not a request for predictions: the body: '],
    ['no inputs', {}, 'inputs: '],
    ['empty inputs', { inputs: [] }, 'inputs: '],
    ['a wrong datatype', { inputs: [{ ...amount, datatype: 'FP128' }] }, 'inputs.0.datatype: '],
    ['three dimensions', { inputs: [{ ...amount, shape: [1, 1, 2] }] }, 'inputs.0.shape: '],
    [
      'too few values',
      { inputs: [{ ...amount, shape: [3] }, ...others] },
      "tensor 'amount' has 2 values, its shape [3] 3",
    ],
    [
      'rows that differ',
      { inputs: [{ ...amount, shape: [1], data: [1] }, ...others] },
      "tensor 'ratio' has 2 rows, tensor 'amount' 1",
    ],
    ['no rows', { inputs: [{ ...amount, shape: [0], data: [] }] }, 'the request has 0 rows; it may have 1 to 10000'],
    [
      'a text for a number',
      { inputs: [{ ...amount, data: ['1', 2] }, ...others] },
      "tensor 'amount': value 0 is not FP64",
    ],
    [
      'a fraction for a whole number',
      { inputs: [{ ...amount, datatype: 'INT32', data: [1, 1.5] }, ...others] },
      'value 1 is not INT32',
    ],
    [
      'a number out of INT8',
      { inputs: [{ ...amount, datatype: 'INT8', data: [1, 128] }, ...others] },
      'value 1 is not INT8',
    ],
    ['NaN as text', { inputs: [{ ...amount, data: ['NaN', 2] }, ...others] }, "tensor 'amount': value 0 is not FP64"],
    [
      'an infinite number',
      { inputs: [{ ...amount, data: [1, Number.POSITIVE_INFINITY] }, ...others] },
      "row 1: feature 'amount' is Infinity, not a finite float32 (not-finite)",
    ],
    [
      'a number out of range',
      { inputs: [{ ...amount, data: [1, 1001] }, ...others] },
      "row 1: feature 'amount' is 1001, outside -10 to 1000 (out-of-range)",
    ],
    [
      'an unknown category',
      { inputs: [amount, ratio, { ...country, data: ['DE', 'XX'] }, known] },
      'feature \'country\' is "XX", not among its declared values (unknown-category)',
    ],
    ['a missing feature', { inputs: [ratio, country, known] }, "row 0: feature 'amount' is missing (missing-feature)"],
    [
      'a null where none may be',
      { inputs: [{ ...amount, data: [null, 1] }, ...others] },
      "row 0: feature 'amount' is missing",
    ],
    [
      'an unknown feature',
      { inputs: [{ ...amount, name: 'volume' }] },
      "the model has no feature 'volume'; it has amount, ratio, country, known",
    ],
    ['a feature twice', { inputs: [amount, amount] }, "tensor 'amount' is there twice"],
    ['two columns of one feature', { inputs: [{ ...amount, shape: [1, 2] }] }, "tensor 'amount' has the shape [1, 2]"],
    [
      'too few columns',
      { inputs: [{ ...nested, shape: [1, 3], data: [1, 2, 3] }] },
      "tensor 'features' has 3 columns, the model 4 features",
    ],
    ['objects for values', { inputs: [{ ...nested, data: [{}, 1, 2, 3] }] }, "tensor 'features': value 0 is not FP32"],
    [
      'a row too short',
      rowsOfLengths(2, 3, 5),
      "tensor 'features': row 0 has 3 values, its shape [2, 4] wants 4 values a row",
    ],
    [
      'a row too long',
      rowsOfLengths(2, 5, 3),
      "tensor 'features': row 0 has 5 values, its shape [2, 4] wants 4 values a row",
    ],
    ['a last row too short', rowsOfLengths(2, 4, 3), 'row 1 has 3 values, its shape [2, 4] wants 4 values a row'],
    ['rows cut in two', rowsOfLengths(2, 2, 2, 2, 2), 'row 0 has 2 values, its shape [2, 4] wants 4 values a row'],
    ['a row too many', rowsOfLengths(1, 4, 4), "tensor 'features' has 8 values, its shape [1, 4] 4"],
    ['a row too few', rowsOfLengths(2, 4), "tensor 'features' has 4 values, its shape [2, 4] 8"],
    [
      'loose values among rows',
      { inputs: [{ ...nested, shape: [2, 4], data: [[1, 2, 3, 4], 1, 2, 3, 4] }] },
      "tensor 'features': row 1 is no array, its shape [2, 4] wants 4 values a row",
    ],
    [
      'a loose value for a row',
      { inputs: [{ ...nested, shape: [2, 1], data: [[1], 2] }] },
      "tensor 'features': row 1 is no array, its shape [2, 1] wants 1 values a row",
    ],
    [
      'rows nested deeper',
      { inputs: [{ ...nested, shape: [1, 4], data: [[[1], 2, 3, 4]] }] },
      "tensor 'features': value 0 is not FP32",
    ],
    [
      'one feature in nested rows',
      { inputs: [{ ...amount, data: [[1], [2]] }, ...others] },
      "'amount': value 0 is not",
    ],
    [
      'an unknown output',
      { inputs: [amount, ...others], outputs: [{ name: 'odds' }] },
      "there is no output 'odds'; there are: prediction, probability",
    ],
  ])('%s: says what is wrong', (_name, body, message) => {
    expect(() => infer('m', model, body)).toThrow(
      expect.objectContaining({ statusCode: 400, message: expect.stringContaining(message) }),
    );
  });
});
