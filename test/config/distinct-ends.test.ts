import { expect, it } from 'vitest';
import { sharedEnds } from '../../src/config/distinct-ends.ts';

const file = (path: string) => ({ file: { path } });
const topic = (name: string, brokers?: string[]) => ({ kafka: { topic: name, brokers } });

it('finds an output that is the input, however it is spelt, and two outputs that are one', () => {
  expect(sharedEnds({ source: file('in.ndjson'), predictions: file('./in.ndjson') })).toMatchObject([
    { key: 'predictions', message: expect.stringContaining('goes where source is') },
  ]);
  expect(
    sharedEnds({ source: file('in.csv'), predictions: file('out/a'), deadLetters: file('out/b/../a') }),
  ).toMatchObject([{ key: 'deadLetters', message: expect.stringContaining('goes where predictions is') }]);
  expect(sharedEnds({ source: topic('t', ['a:1']), predictions: topic('t') })).toHaveLength(1);
});

it('takes different ones, standard input and output, and topics of two clusters', () => {
  expect(sharedEnds({ source: file('in'), predictions: file('out'), deadLetters: file('dead') })).toEqual([]);
  expect(sharedEnds({ source: file('-'), predictions: file('-') })).toEqual([]);
  expect(sharedEnds({ source: file('in'), predictions: file('/dev/null'), deadLetters: file('/dev/null') })).toEqual(
    [],
  );
  expect(sharedEnds({ source: topic('t', ['a:1']), predictions: topic('t', ['b:1']) })).toEqual([]);
});
