// Random cases of the golden format against the textbook in float64, which is itself held to PyTorch's traces.

import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { trace } from './float64.ts';
import { listCases, readCase } from './golden-case.ts';
import { randomCase } from './random-case.ts';
import { runCase } from './run-case.ts';

const folder = new URL('./cases/', import.meta.url).pathname;
const stepped = listCases(folder).filter((path) => path.endsWith('.f64.json') && !path.includes('xor'));

describe('the float64 textbook', () => {
  it.each(stepped.map((path) => [path.slice(folder.length)]))('gives PyTorch’s float64 numbers in %s', (name) => {
    const golden = readCase(join(folder, name));
    const told = trace(golden);
    const comparison = { worst: 0, failures: [] };
    const flat = (layers: typeof golden.final): number[][] => (layers ?? []).flatMap((l) => [...l.weights, l.biases]);
    const tolerance = 1e-12;
    const each = (key: 'final' | 'firstGradients' | 'firstGradientsClipped'): void =>
      compare(comparison, key, { got: flat(told[key]), want: flat(golden[key]), tolerance });
    each('final');
    each('firstGradients');
    each('firstGradientsClipped');
    golden.steps?.forEach(({ outputs, loss }, s) => {
      compare(comparison, 'outputs', { got: told.steps?.[s].outputs ?? [], want: outputs, tolerance });
      compare(comparison, 'loss', { got: told.steps?.[s].loss ?? 0, want: loss, tolerance });
    });
    expect(comparison.failures).toEqual([]);
  });
});

describe('random cases', () => {
  it('agree with the textbook within float32’s reach', () => {
    fc.assert(
      fc.property(randomCase, (golden) => {
        expect(runCase(trace(golden)).failures).toEqual([]);
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});
