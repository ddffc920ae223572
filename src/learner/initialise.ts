// The parameters a learner starts with: given, or drawn from counter-based random numbers, so that a seed says it all.
// Sources: Glorot & Bengio (2010), uniform form; He et al. (2015), uniform form.

import type { LayerLayout } from '../kernels/layout.ts';
import { parameterCount } from '../kernels/layout.ts';
import { philox, stream } from '../kernels/philox.ts';
import type { GivenLayer, InitializerSpec, LearnerSpec } from './spec.ts';

/** Half-open range [low, high) of a layer's weights, and of its biases. */
interface Ranges {
  readonly weights: readonly [low: number, high: number];
  readonly biases: readonly [low: number, high: number];
}

/**
 * fan-in: ±1/√in, weights and biases, as PyTorch's Linear starts; xavier: ±√(6/(in + out)), he: ±√(6/in), both with zero
 * biases; uniform: low to high, weights and biases.
 */
function rangesOf(initializer: InitializerSpec, { inputs, outputs }: LayerLayout): Ranges {
  const nothing = [0, 0] as const;
  switch (initializer.type) {
    case 'fan-in': {
      const bound = 1 / Math.sqrt(inputs);
      return { weights: [-bound, bound], biases: [-bound, bound] };
    }
    case 'xavier': {
      const bound = Math.sqrt(6 / (inputs + outputs));
      return { weights: [-bound, bound], biases: nothing };
    }
    case 'he': {
      const bound = Math.sqrt(6 / inputs);
      return { weights: [-bound, bound], biases: nothing };
    }
    case 'uniform': {
      const range = [initializer.low, initializer.high] as const;
      return { weights: range, biases: range };
    }
    default:
      return { weights: nothing, biases: nothing };
  }
}

/** Even numbers in [0, 1) with 32 random bits, in the order of the seed. */
function createDraw(seed: number): () => number {
  const words = new Uint32Array(4);
  let drawn = 0;
  return () => {
    if (drawn % 4 === 0) philox(seed, drawn / 4, stream.initialiser, words);
    return words[drawn++ % 4] / 4294967296;
  };
}

function copyGiven(parameters: Float32Array, layer: LayerLayout, given: GivenLayer): void {
  // Adding 0 turns a given −0 into 0, which a step of 0 leaves alone.
  given.weights.forEach((row, i) => {
    row.forEach((weight, j) => {
      parameters[layer.weights + i * layer.stride + j] = weight + 0;
    });
  });
  given.biases.forEach((bias, i) => {
    parameters[layer.biases + i] = bias + 0;
  });
}

function drawLayer(parameters: Float32Array, layer: LayerLayout, ranges: Ranges, draw: () => number): void {
  const within = ([low, high]: readonly [number, number]): number => low + (high - low) * draw();
  for (let i = 0; i < layer.outputs; i++) {
    for (let j = 0; j < layer.inputs; j++) {
      parameters[layer.weights + i * layer.stride + j] = within(ranges.weights) + 0;
    }
  }
  for (let i = 0; i < layer.outputs; i++) parameters[layer.biases + i] = within(ranges.biases) + 0;
}

/** Whether given layers have the shapes of the network. */
function fits(layers: readonly LayerLayout[], given: readonly GivenLayer[]): boolean {
  return (
    given.length === layers.length &&
    layers.every(({ inputs, outputs }, l) => {
      const { weights, biases } = given[l];
      return weights.length === outputs && biases.length === outputs && weights.every((row) => row.length === inputs);
    })
  );
}

/** Initial parameters in the layout's order, padding 0. Throws RangeError where given ones have other shapes. */
export function initialParameters(spec: LearnerSpec, layers: readonly LayerLayout[]): Float32Array {
  const parameters = new Float32Array(parameterCount(layers));
  const given = spec.initialParameters;
  if (given !== null) {
    if (!fits(layers, given)) throw new RangeError('initialParameters do not have the shapes of the network');
    layers.forEach((layer, l) => {
      copyGiven(parameters, layer, given[l]);
    });
    return parameters;
  }
  const draw = createDraw(spec.seed);
  for (const layer of layers) drawLayer(parameters, layer, rangesOf(spec.initializer, layer), draw);
  return parameters;
}
