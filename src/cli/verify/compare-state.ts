// Compares a model that was learnt again with a checkpoint, array by array.

import type { Fold } from '../../pipeline/fold.ts';
import type { Recovered } from '../run/model-source.ts';

/** Names of what differs: arrays of the state, `sequence`, `positions`. Empty where all is the same, to the last bit. */
export function compareState(fold: Fold, target: Recovered): string[] {
  const here = new Map((fold.learner?.snapshot() ?? []).map(({ name, data }) => [name, Buffer.from(data)]));
  const there = new Map(target.resume.learner.snapshot().map(({ name, data }) => [name, Buffer.from(data)]));
  const names = [...new Set([...there.keys(), ...here.keys()])];
  const differing = names.filter((name) => !here.get(name)?.equals(there.get(name) ?? Buffer.alloc(0)));
  if (fold.sequence !== target.resume.sequence) differing.unshift('sequence');
  const positions = [...target.resume.positions];
  if (positions.some(([partition, next]) => fold.positions.get(partition) !== next)) differing.unshift('positions');
  return differing;
}
