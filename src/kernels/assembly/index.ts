// The kernel's entry points: a whole block is predicted, scored and learnt in one call, tile by tile. A tile is a run of
// samples that are predicted with the same weights: one sample, or up to 32 where a mini-batch leaves the weights alone.

import { attribute, isAnyAttributed, isAttributed } from './attribution';
import { backward } from './backward';
import { GRADIENT_MAX, refreshBounds, sampleGradientBound } from './bounds';
import { drawDropout, keepAllUnits } from './dropout';
import { refreshInputScaler, scaleInputs, updateInputScaler } from './input-scaler';
import { layScratch, rowBytes, savedState, scaledRows, slots, TILE } from './layers';
import { activateOutput, clearDeltas, outputDeltas, sampleLoss, updateTargetScaler, writeOutputs } from './output';
import {
  batchShare, batchSize, blockInputs, blockLabelled, blockLosses, blockOutputs, blockTargets, blockVersions, blockWeights,
  classWeighted, classWeights, count, direct, drops, GRADIENT_COUNT, inputs, LABELLED, outputs, RANDOM, readProgram,
  rehearsalInputs, rehearsalTargets, rehearsalWeights, scaleAll, scalerCentre, scalerMissing, scalerSpread, setCount, standardize,
  STEPS, targetMean, targets, targetSpread,
} from './program';
import { SCALE_NONE } from '../program-slots';
import { drawSlot, rehearsalSteps, remember } from './rehearsal';
import { backwardShallow, findShallow, forwardTile, isShort } from './shallow';
import { addTile, copyRun, hasStopped, refuse, stepDirect, stepOnTile } from './step';
import { takeUnscaledTile } from './unscaled-inputs';

/** Reads the program at `at` and lays out the scratch memory. */
export function configure(at: usize): void {
  readProgram(at);
  layScratch();
  keepAllUnits();
  findShallow();
}

/** Rebuilds what is derived from the state. */
export function refresh(): void {
  refreshInputScaler(count(LABELLED));
  refreshBounds();
}

@inline
function inputRow(r: i32): usize {
  return blockInputs + <usize>(r * inputs) * 4;
}
@inline
function targetRow(r: i32): usize {
  return blockTargets + <usize>(r * targets) * 4;
}
@inline
function outputRow(r: i32): usize {
  return blockOutputs + <usize>(r * outputs) * 4;
}
@inline
function isLabelled(r: i32): bool {
  return load<u8>(blockLabelled + <usize>r) == 1;
}
@inline
function scaledRow(s: i32): usize {
  return scaledRows + <usize>s * rowBytes(0);
}

/** Predicts the first `n` rows of the block. */
export function predict(n: i32): void {
  const seen = count(LABELLED);
  for (let r = 0; r < n; r += TILE) {
    const size = min(TILE, n - r);
    for (let s = 0; s < size; s++) scaleInputs(inputRow(r + s), scaledRow(s), seen);
    forwardTile(size);
    for (let s = 0; s < size; s++) {
      activateOutput(s);
      writeOutputs(outputRow(r + s), seen);
    }
  }
}

/** Publishes and scores row r, which is sample s of the tile. */
@inline
function scoreRow(r: i32, s: i32, seen: f64): void {
  activateOutput(s);
  writeOutputs(outputRow(r), seen);
  store<f64>(blockVersions + (<usize>r << 3), count(STEPS));
  const loss = isLabelled(r) ? sampleLoss(s, targetRow(r), outputRow(r)) : f32.NaN;
  store<f32>(blockLosses + (<usize>r << 2), loss);
}

/** Predicts and scores rows [r, r + n) without learning from them. */
function scoreOnly(r: i32, n: i32): void {
  const seen = count(LABELLED);
  for (let s = 0; s < n; s++) scaleInputs(inputRow(r + s), scaledRow(s), seen);
  forwardTile(n);
  for (let s = 0; s < n; s++) scoreRow(r + s, s, seen);
}

@inline
function factorOf(weight: usize, target: usize): f64 {
  const classWeight: f64 = classWeighted ? load<f64>(classWeights + (<usize>load<f32>(target) << 3)) : 1;
  return <f64>load<f32>(weight) * classWeight * batchShare;
}

/** Takes the inputs of rows [r, r + n) with a label into the scaler, and scales all of them, in order. */
function scaleTile(r: i32, n: i32): void {
  let seen = count(LABELLED);
  if (n > 1 && scaleAll == SCALE_NONE && inputs >= 64) {
    takeUnscaledTile(inputRow(r), blockLabelled + <usize>r, n, scaledRows, rowBytes(0), seen);
    return;
  }
  for (let s = 0; s < n; s++) {
    if (isLabelled(r + s)) {
      seen += 1;
      updateInputScaler(inputRow(r + s), seen);
    }
    scaleInputs(inputRow(r + s), scaledRow(s), seen);
  }
}

/** Copies the scalers' statistics aside, or back. */
function saveStatistics(back: bool): void {
  const bytes = <usize>inputs << 3;
  copyRun(savedState, scalerMissing, bytes, back);
  copyRun(savedState + bytes, scalerCentre, bytes, back);
  copyRun(savedState + 2 * bytes, scalerSpread, bytes, back);
  if (!standardize) return;
  const label = <usize>outputs << 3;
  copyRun(savedState + 3 * bytes, targetMean, label, back);
  copyRun(savedState + 3 * bytes + label, targetSpread, label, back);
}

/** Scores sample s of the tile, row r, and prepares its δ. */
function meet(r: i32, s: i32): void {
  scoreRow(r, s, count(LABELLED));
  const seen = count(LABELLED) + 1;
  setCount(LABELLED, seen);
  if (standardize) updateTargetScaler(targetRow(r), seen);
  if (drops) {
    drawDropout();
    forwardTile(1);
    activateOutput(s);
  }
  outputDeltas(s, targetRow(r), factorOf(blockWeights + (<usize>r << 2), targetRow(r)), seen);
}

/** Steps on samples drawn from the buffer. */
function rehearse(): void {
  const row = <usize>inputs << 2;
  const label = <usize>targets << 2;
  let left = rehearsalSteps() * batchSize;
  const most = drops ? 1 : TILE;
  let open = batchSize;
  while (left > 0 && !hasStopped()) {
    const n = min(min(open, most), left);
    const random = count(RANDOM);
    for (let s = 0; s < n; s++) {
      const slot = drawSlot();
      store<u32>(slots + (<usize>s << 2), <u32>slot);
      scaleInputs(rehearsalInputs + slot * row, scaledRow(s), count(LABELLED));
    }
    if (drops) drawDropout();
    forwardTile(n);
    for (let s = 0; s < n; s++) {
      const slot = <usize>load<u32>(slots + (<usize>s << 2));
      const target = rehearsalTargets + slot * label;
      activateOutput(s);
      outputDeltas(s, target, factorOf(rehearsalWeights + (slot << 2), target), count(LABELLED));
    }
    const short = isShort(n);
    if (!short) backward(n);
    if (drops) keepAllUnits();
    let bound: f64 = 0;
    for (let s = 0; s < n; s++) {
      const size = short ? backwardShallow() : sampleGradientBound(s);
      if (!(size <= GRADIENT_MAX)) {
        // Draws after the sample that is refused were never made.
        if (!drops) setCount(RANDOM, random + <f64>(s + 1));
        refuse();
        return;
      }
      bound += size;
    }
    left -= n;
    open -= n;
    if (direct) stepDirect(bound);
    else if (open == 0) stepOnTile(n, n, bound);
    else addTile(n, n, bound);
    if (open == 0) open = batchSize;
  }
}

/** Learns rows [r, r + n), whose predictions share their weights; returns how many rows are dealt with. */
function learnTile(r: i32, n: i32): i32 {
  if (n > 1) saveStatistics(false);
  scaleTile(r, n);
  forwardTile(n);
  const labelledBefore = count(LABELLED);
  let labelled = 0;
  for (let s = 0; s < n; s++) {
    if (isLabelled(r + s)) {
      if (n == 1) remember(r, labelledBefore + 1);
      meet(r + s, s);
      labelled += 1;
    } else {
      scoreRow(r + s, s, count(LABELLED));
      clearDeltas(s);
    }
  }
  if (labelled == 0) return n;
  const short = isShort(n);
  if (!short) backward(n);
  if (drops) keepAllUnits();
  let bound: f64 = 0;
  for (let s = 0; s < n; s++) {
    // Of a row without a label too: its output deltas are 0, but 0 times an activation that is not finite is NaN.
    const size = short ? backwardShallow() : sampleGradientBound(s);
    if (!(size <= GRADIENT_MAX)) {
      if (n > 1) return learnSlowly(r, n, labelledBefore);
      refuse();
      return 1;
    }
    bound += size;
  }
  if (n > 1) rememberTile(r, n, labelledBefore);
  if (isAnyAttributed(labelledBefore, count(LABELLED))) attributeTile(r, n, labelledBefore);
  let stepped = false;
  if (direct) stepped = stepDirect(bound);
  else if (count(GRADIENT_COUNT) + <f64>labelled >= <f64>batchSize) stepped = stepOnTile(n, labelled, bound);
  else addTile(n, labelled, bound);
  if (stepped) rehearse();
  return n;
}

/** Before the step, so with the weights that the tile was learnt with. */
function attributeTile(r: i32, n: i32, labelledBefore: f64): void {
  let seen = labelledBefore;
  for (let s = 0; s < n; s++) {
    if (!isLabelled(r + s)) continue;
    seen += 1;
    if (isAttributed(seen)) attribute(s, seen);
  }
}

function rememberTile(r: i32, n: i32, labelledBefore: f64): void {
  let seen = labelledBefore;
  for (let s = 0; s < n; s++) {
    if (!isLabelled(r + s)) continue;
    seen += 1;
    remember(r + s, seen);
  }
}

/** Goes back to before the tile and learns its rows one by one: a sample in it is refused, and those after it are not learnt. */
function learnSlowly(r: i32, n: i32, labelledBefore: f64): i32 {
  saveStatistics(true);
  setCount(LABELLED, labelledBefore);
  refreshInputScaler(labelledBefore);
  for (let s = 0; s < n; s++) {
    if (hasStopped()) scoreOnly(r + s, 1);
    else learnTile(r + s, 1);
  }
  return n;
}

/** Rows from r on that can share their weights: up to a full tile, the end of the mini-batch, or of the block. */
function tileFrom(r: i32, n: i32): i32 {
  if (batchSize == 1 || drops) return 1;
  const most = min(TILE, n - r);
  let room = batchSize - <i32>count(GRADIENT_COUNT);
  for (let s = 0; s < most; s++) {
    if (isLabelled(r + s)) room -= 1;
    if (room == 0) return s + 1;
  }
  return most;
}

/** Predicts, scores and learns the first `n` rows of the block, in order. */
export function learn(n: i32): void {
  let r = 0;
  while (r < n) {
    if (hasStopped()) {
      const size = min(TILE, n - r);
      scoreOnly(r, size);
      r += size;
    } else {
      r += learnTile(r, tileFrom(r, n));
    }
  }
}
