// config/xor.yaml against the textbook's XOR: the mean squared error, epoch by epoch, read from the predictions a user gets.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCase } from '../golden/golden-case.ts';
import { root, runMillrace } from '../support/millrace-process.ts';
import { readLines, resultOf, settings, temporaryFolder } from './support.ts';

const corners = 4;
const golden = readCase(join(root, 'test/golden/cases/textbook-xor.f32.json'));

it("config/xor.yaml follows the textbook's losses at every epoch it lists", { timeout: 60_000 }, async () => {
  const output = join(temporaryFolder(), 'xor.ndjson');
  // An epoch more than the example: its predictions are made with the weights after the last step of the textbook's.
  const epochs = (golden.epochs ?? 0) + 1;
  expect(readFileSync(join(root, 'config/xor.yaml'), 'utf8')).toContain(`epochs: ${golden.epochs}`);
  const set = settings(`predictions.file.path=${output}`, `source.file.epochs=${epochs}`);
  const result = resultOf(await runMillrace('run', '-c', 'config/xor.yaml', ...set, '--json'));
  expect(result).toMatchObject({ samples: epochs * corners, modelVersion: epochs });
  const lines = readLines(output);
  expect(lines).toHaveLength(epochs * corners);
  const mseAt = (epoch: number) => {
    const losses = lines.slice(epoch * corners, (epoch + 1) * corners).map(({ loss }) => Number(loss));
    // The loss is ½(y−ŷ)².
    return (2 * losses.reduce((sum, loss) => sum + loss, 0)) / corners;
  };
  const listed = golden.mseAtEpoch ?? [];
  expect(listed.map(({ epoch }) => epoch)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]);
  for (const { epoch, mse } of listed) expect(Math.abs(mseAt(epoch) - mse), `epoch ${epoch}`).toBeLessThan(1e-4);
  expect(Math.abs(mseAt(epochs - 1) - Number(golden.finalMse))).toBeLessThan(1e-4);
  const probabilities = lines.slice(-corners).map(({ probability }) => Number(probability));
  golden.finalOutputs?.forEach(([want], corner) => {
    expect(Math.abs(probabilities[corner] - want), `corner ${corner}`).toBeLessThan(1e-4);
  });
  expect(lines.slice(-corners).map(({ prediction }) => prediction)).toEqual([0, 1, 1, 0]);
});
