import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTensorFile, writeTensorFile } from '../networks/safetensors.js';
import { tinyConfig, tinyFolder } from '../testing/tiny.js';
import type { BranchState } from './branches/branches.js';
import { type LoopState, readCheckpoint, writeCheckpoint } from './checkpoint.js';

const state: LoopState = {
  step: 7,
  evaluationDue: true,
  config: tinyConfig(),
  splitHash: 'a'.repeat(64),
  datasetFingerprint: 'b'.repeat(64),
  meters: { steps: 2, sums: { loss: 0.1 + 0.2 } },
};

const filter = { shape: [1, 2, 3, 1], values: Float32Array.of(1, 2, 3, 4, 5, 6) };

const branches: BranchState[] = [
  {
    'weights.conv.weight': filter,
    'weights.bn.weight': { shape: [2], values: Float32Array.of(Math.PI, -0) },
    'statistics.bn.running_var': { shape: [1], values: Float32Array.of(0.5) },
    'momentum.conv.weight': filter,
    'teacher_statistics.bn.running_mean': { shape: [1], values: Float32Array.of(0.25) },
    'part_weights.detector.weight': filter,
    'exp_avg_sq.detector.weight': filter,
  },
  { 'weights.bn.weight': { shape: [2], values: Float32Array.of(1e-40, Infinity) } },
];

let file: string;

beforeEach(async () => {
  file = join(await tinyFolder(), 'checkpoint.safetensors');
});

describe('a checkpoint', () => {
  it('is read bit for bit as it was written', async () => {
    await writeCheckpoint(file, state, branches);
    expect(await readCheckpoint(file, state)).toEqual({ state, branches });
  });

  it('is read even if it is from a version that always wrote it after the evaluation', async () => {
    const { evaluationDue: _, ...older } = state;
    await writeCheckpoint(file, older as LoopState, branches);
    expect((await readCheckpoint(file, state)).state).toEqual({ ...state, evaluationDue: false });
  });

  it('keeps the counts of crops where earlier versions do not look', async () => {
    const counted = { ...state, crops: { crops: 6, cropsWithClass: [6, 0, 2] } };
    await writeCheckpoint(file, counted, branches);
    expect((await readCheckpoint(file, state)).state).toEqual(counted);
    const { metadata } = await readTensorFile(file);
    expect(Object.keys(JSON.parse(metadata.crosscheck!))).toEqual(['format', ...Object.keys(state)]);
    // As an earlier version writes it.
    await writeCheckpoint(file, state, branches);
    expect((await readCheckpoint(file, state)).state.crops).toBeUndefined();
  });

  it('can be resumed on another runner: the placement does not change the numbers', async () => {
    await writeCheckpoint(file, state, branches);
    const config = { ...state.config, placement: { pool: 'other', engine: 'cpu' as const } };
    expect((await readCheckpoint(file, { ...state, config })).state.step).toBe(7);
  });

  it('is refused with all reasons why it does not fit', async () => {
    await writeCheckpoint(file, state, branches);
    const other = { config: { ...state.config, seed: 9 }, splitHash: 'c', datasetFingerprint: 'd' };
    const refusal = await readCheckpoint(file, other).catch((error: Error) => error.message);
    expect(refusal).toContain('configuration differs in seed: 0 in the checkpoint, 9 in the run');
    expect(refusal).toContain(`its labelled split is ${state.splitHash}, not c`);
    expect(refusal).toContain('its dataset has different images, labels or classes');
  });

  it('is refused when it is truncated, not a safetensors file, or written by another program', async () => {
    await writeCheckpoint(file, state, branches);
    await truncate(file, (await readFile(file)).length - 4);
    await expect(readCheckpoint(file, state)).rejects.toThrow('not a valid safetensors file');
    await writeFile(file, 'hello');
    await expect(readCheckpoint(file, state)).rejects.toThrow('not a valid safetensors file: it has only 5 bytes');
    await writeTensorFile(file, { tensors: {}, metadata: {} });
    await expect(readCheckpoint(file, state)).rejects.toThrow('has no "crosscheck" metadata');
  });

  it('holds each branch as a PyTorch state_dict, and its momentum separately', async () => {
    await writeCheckpoint(file, state, branches);
    const { tensors, metadata } = await readTensorFile(file);
    expect(Object.keys(tensors)).toEqual([
      'branch1.conv.weight',
      'branch1.bn.weight',
      'branch1.bn.running_var',
      'momentum1.conv.weight',
      'teacher1.bn.running_mean',
      'part1.detector.weight',
      'exp_avg_sq1.detector.weight',
      'branch2.bn.weight',
    ]);
    // Height 1, width 2, three inputs, one output: in PyTorch's layout the two pixels of each input are adjacent.
    const turned = { shape: [1, 3, 1, 2], values: Float32Array.of(1, 4, 2, 5, 3, 6) };
    expect(tensors['branch1.conv.weight']).toEqual(turned);
    expect(tensors['momentum1.conv.weight']).toEqual(turned);
    expect(metadata.layout).toContain('outputs, inputs, height, width');
  });

  it('is refused when its format is too old, and the message says what to do', async () => {
    const crosscheck = JSON.stringify({ ...state, format: 1 });
    await writeTensorFile(file, { tensors: {}, metadata: { crosscheck } });
    await expect(readCheckpoint(file, state)).rejects.toThrow(
      /has format 1, but this version reads 2: .*start a new run/,
    );
  });

  it('is refused when it holds a tensor that belongs to no branch', async () => {
    const tensors = { 'branch3.conv.weight': { shape: [1], values: () => Float32Array.of(1) } };
    await writeTensorFile(file, { tensors, metadata: { crosscheck: JSON.stringify({ ...state, format: 2 }) } });
    await expect(readCheckpoint(file, state)).rejects.toThrow('unknown tensor "branch3.conv.weight"');
  });
});
