import { expect, it, onTestFinished } from 'vitest';
import { produceBatches } from '../../../src/cli/produce/batches.ts';
import { checkConfig } from '../../../src/config/load.ts';
import { temporaryFolder, write } from '../../system/support.ts';

/** The numbers of the records that `produce` makes of a CSV file for a topic of float32 records. */
async function numbersOf(csv: string, schema: object, samples = 1000): Promise<number[][]> {
  const source = { kafka: { brokers: 'localhost:1', topic: 't', format: 'float32' } };
  const config = checkConfig({ source, schema }, 'test');
  const from = write(temporaryFolder(), 'in.csv', csv);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const records: number[][] = [];
  for await (const batch of produceBatches(config, { from, samples, seed: 1, noise: 0 }, stop.signal))
    for (const { value } of batch) {
      const bytes = Buffer.from(value ?? []);
      records.push(Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at)));
    }
  return records;
}

const binary = { target: { type: 'binary', classes: ['no', 'yes'] } };

it('sends the features and the index of the class, NaN for what is missing', async () => {
  expect(await numbersOf('b,label,a\n2,yes,0.1\n,no,1\n3,,-0\n', binary)).toEqual([
    [2, Math.fround(0.1), 1],
    [Number.NaN, 1, 0],
    [3, -0, Number.NaN],
  ]);
});

it("keeps the schema's order, and leaves it to the reader to judge what is missing or out of range", async () => {
  const features = [{ name: 'a', max: 1 }, { name: 'b', type: 'boolean' }, 'c'];
  const target = { type: 'regression', from: ['y', 'x'] };
  const sent = await numbersOf('x,y,c,b,a\n1,2,3,true,5\n,,3,,4\n', { features, target });
  expect(sent).toEqual([
    [5, 1, 3, 2, 1],
    [4, Number.NaN, 3, Number.NaN, Number.NaN],
  ]);
});

it('stops at a record that has no such form, with its number', async () => {
  const csv = 'a,label\n1,yes\n2,maybe\n';
  await expect(numbersOf(csv, binary)).rejects.toMatchObject({
    code: 'usage-invalid',
    message: expect.stringMatching(
      /^record 1 of file .*in\.csv has no float32 form, so it and what follows was not sent: label 'label' is "maybe"/,
    ),
  });
  expect(await numbersOf(csv, binary, 1)).toEqual([[1, 1]]);
});
