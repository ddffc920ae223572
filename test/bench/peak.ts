// What this machine's WebAssembly SIMD can do at all: multiply-and-adds of f32x4 that never leave the registers, no relaxed
// SIMD. Twelve independent chains keep both the multipliers and the adders busy; more would not fit the registers. Factor
// and term are arguments, because V8 makes a constant vector anew in every turn of a loop.

import asc from 'assemblyscript/asc';

const chains = 12;
const names = Array.from({ length: chains }, (_, c) => `s${c}`);

const source = `
export function spin(rounds: i32, factor: f32, term: f32): f32 {
  const x = f32x4.splat(factor), y = f32x4.splat(term);
  let ${names.map((name, c) => `${name} = f32x4.splat(${c})`).join(', ')};
  for (let r = 0; r < rounds; r++) {
    ${names.map((name) => `${name} = f32x4.add(f32x4.mul(${name}, x), y);`).join('\n    ')}
  }
  return f32x4.extract_lane(${names.reduce((sum, name) => `f32x4.add(${sum}, ${name})`)}, 0);
}`;

/** A function that spins and says how many floating-point operations it did. */
export async function createPeakLoop(): Promise<() => number> {
  const { binary, error } = await asc.compileString(source, { optimizeLevel: 3, runtime: 'stub', enable: ['simd'] });
  if (error !== null || binary === null) throw new Error(`the peak loop does not compile: ${error?.message}`);
  const { spin } = new WebAssembly.Instance(new WebAssembly.Module(binary), {}).exports as {
    spin(rounds: number, factor: number, term: number): number;
  };
  const rounds = 100_000;
  return () => {
    spin(rounds, 0.5, 0.25);
    return rounds * chains * 8;
  };
}
