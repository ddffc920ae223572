// PyTorch's golden training traces, through the real learner; the two worked examples of the textbook to the last digit.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLearner } from '../../src/learner/create-learner.ts';
import { blockOf } from './golden-block.ts';
import { listCases, readCase } from './golden-case.ts';
import { specOf, Unsupported } from './golden-spec.ts';
import { runCase } from './run-case.ts';

const folder = new URL('./cases/', import.meta.url).pathname;

describe('golden cases', () => {
  it.each(listCases(folder).map((path) => [path.slice(folder.length), path]))('agrees with %s', (_name, path) => {
    expect(runCase(readCase(path)).failures).toEqual([]);
  });

  it.each(['textbook-1-1-1', 'textbook-1-2-1'])('%s ends with PyTorch’s float32 bits', (name) => {
    const golden = readCase(join(folder, `${name}.f32.json`));
    const spec = specOf(golden);
    const learner = createLearner(spec);
    const { outputs, losses } = learner.learn(blockOf(golden.batches[0], spec, golden.reduction, 1));
    expect([...outputs]).toEqual(golden.steps?.[0].outputs[0]);
    expect(losses[0]).toBe(golden.steps?.[0].loss);
    const final = createLearner({ ...spec, initialParameters: golden.final ?? null });
    expect(learner.weightsDigest()).toBe(final.weightsDigest());
  });
});

describe('cases of the same format', () => {
  const base = readCase(join(folder, '13-adam-l2-clip-elu-bce2.f64.json'));

  it('takes batches of different sizes: the shorter one is the same step', () => {
    const [first, second] = base.batches;
    const shorter = { x: second.x.slice(0, 1), y: second.y.slice(0, 1) };
    const mixed = { ...base, batches: [shorter, first] };
    const specMixed = specOf(mixed);
    const padded = createLearner(specMixed);
    padded.learn(blockOf(shorter, specMixed, 'mean', 4));
    const specAlone = { ...specMixed, batchSize: 1 };
    const alone = createLearner(specAlone);
    alone.learn(blockOf(shorter, specAlone, 'mean', 1));
    expect(padded.weightsDigest()).toBe(alone.weightsDigest());
  });

  it('notices a wrong number', () => {
    const wrong = structuredClone(base);
    if (wrong.final) wrong.final[0].biases[0] += 1e-4;
    expect(runCase(wrong).failures).toEqual([expect.stringMatching(/^final: got .* error/)]);
  });

  it('says why a case is skipped', () => {
    const odd = { ...base, optimizer: { type: 'lion', lr: 0.1 } };
    expect(() => runCase(odd)).toThrow(new Unsupported('optimiser lion'));
    const slope = { ...base, layers: [{ ...base.layers[0], activation: 'leaky_relu', slope: 0.2 }, base.layers[1]] };
    expect(() => runCase(slope)).toThrow('slope 0.2 (only 0.01)');
  });

  it('names a file that is no case', () => {
    const empty = mkdtempSync(join(tmpdir(), 'golden-'));
    expect(() => listCases(empty)).toThrow(/no golden case/);
    const path = join(empty, 'bad.json');
    writeFileSync(path, readFileSync(join(folder, 'textbook-xor.f32.json'), 'utf8').replace('mlp-golden/1', 'other/1'));
    expect(() => readCase(path)).toThrow(/bad.json is not a case of format mlp-golden\/1: format/);
  });
});
