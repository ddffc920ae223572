// The rehearsal buffer and what is drawn from it, as ../reference/rehearsal.ts.

import { BUFFER, PER_SAMPLE, SEED, UNTIL } from '../program-slots';
import { philox, word0 } from './philox';
import {
  blockInputs,
  blockTargets,
  blockWeights,
  BUFFERED,
  count,
  inputs,
  LABELLED,
  RANDOM,
  rehearsalInputs,
  rehearsalTargets,
  rehearsalWeights,
  setCount,
  setting,
  targets,
} from './program';

/** Puts row r of the block, labelled sample number `seen`, in the buffer, in place of the oldest where it is full. */
export function remember(r: i32, seen: f64): void {
  const buffer = setting(BUFFER);
  if (buffer == 0 || seen >= setting(UNTIL)) return;
  const slot = <usize>(<u64>count(BUFFERED) % <u64>buffer);
  const row = (<usize>inputs) << 2;
  const label = (<usize>targets) << 2;
  memory.copy(rehearsalInputs + slot * row, blockInputs + <usize>r * row, row);
  memory.copy(rehearsalTargets + slot * label, blockTargets + <usize>r * label, label);
  store<f32>(rehearsalWeights + (slot << 2), load<f32>(blockWeights + ((<usize>r) << 2)));
  setCount(BUFFERED, count(BUFFERED) + 1);
}

/** Steps that follow the step just taken. */
export function rehearsalSteps(): i32 {
  if (setting(BUFFER) == 0 || count(BUFFERED) == 0) return 0;
  const taper = 1 - count(LABELLED) / setting(UNTIL);
  return taper <= 0 ? 0 : <i32>floor<f64>(setting(PER_SAMPLE) * taper + 0.5);
}

/** Slot of a buffered sample, its age drawn as u³ of what is buffered. */
export function drawSlot(): usize {
  philox(setting(SEED), count(RANDOM));
  setCount(RANDOM, count(RANDOM) + 1);
  const buffered = count(BUFFERED);
  const buffer = setting(BUFFER);
  const among = buffer < buffered ? buffer : buffered;
  const u = <f64>word0 / 4294967296;
  const age = floor<f64>(among * (u * u * u));
  return <usize>(<u64>(buffered - 1 - age) % <u64>buffer);
}
