import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LoopState, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { readTensorFile, writeTensorFile } from './safetensors.js';
import { tinyConfig, tinyFolder } from './testing/tiny.js';

const state: LoopState = {
  format: 1,
  step: 7,
  evaluationDue: true,
  config: tinyConfig(),
  splitHash: 'a'.repeat(64),
  datasetFingerprint: 'b'.repeat(64),
  meters: { steps: 2, sums: { loss: 0.1 + 0.2 } },
};

const branches = [
  { 'weights.a': { shape: [2, 1], values: Float32Array.of(Math.PI, -0) } },
  { 'weights.a': { shape: [2, 1], values: Float32Array.of(1e-40, Infinity) } },
];

let file: string;

beforeEach(async () => {
  file = join(await tinyFolder(), 'checkpoint.safetensors');
});

describe('a checkpoint', () => {
  it('gives back what was written, bit for bit', async () => {
    await writeCheckpoint(file, state, branches);
    expect(await readCheckpoint(file, state)).toEqual({ state, branches });
  });

  it('of a version that always wrote it after the evaluation is read', async () => {
    const { evaluationDue: _, ...older } = state;
    await writeCheckpoint(file, older as LoopState, branches);
    expect((await readCheckpoint(file, state)).state).toEqual({ ...state, evaluationDue: false });
  });

  it('may go on elsewhere: the placement is no part of the numbers', async () => {
    await writeCheckpoint(file, state, branches);
    const config = { ...state.config, placement: { pool: 'other', engine: 'cpu' as const } };
    expect((await readCheckpoint(file, { ...state, config })).state.step).toBe(7);
  });

  it('is refused with every reason why it does not fit', async () => {
    await writeCheckpoint(file, state, branches);
    const other = { config: { ...state.config, seed: 9 }, splitHash: 'c', datasetFingerprint: 'd' };
    const refusal = await readCheckpoint(file, other).catch((error: Error) => error.message);
    expect(refusal).toContain('configuration differs in seed: 0 there, 9 here');
    expect(refusal).toContain(`its labelled split is ${state.splitHash}, not c`);
    expect(refusal).toContain('its dataset has other images, labels or classes');
  });

  it('is refused when it is cut short, no safetensors file, or somebody else’s', async () => {
    await writeCheckpoint(file, state, branches);
    await truncate(file, (await readFile(file)).length - 4);
    await expect(readCheckpoint(file, state)).rejects.toThrow('not a complete safetensors file');
    await writeFile(file, 'hello');
    await expect(readCheckpoint(file, state)).rejects.toThrow('not a complete safetensors file: 5 bytes');
    await writeTensorFile(file, { tensors: {}, metadata: {} });
    await expect(readCheckpoint(file, state)).rejects.toThrow('has no "crosscheck" metadata');
  });
});

describe('a safetensors file', () => {
  it('has the header that the format describes', async () => {
    await writeTensorFile(file, { tensors: branches[0]!, metadata: { about: 'test' } });
    const bytes = await readFile(file);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { about: 'test' },
      'weights.a': { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
    });
    expect(bytes.readFloatLE(8 + length)).toBe(Math.fround(Math.PI));
    expect((await readTensorFile(file)).metadata).toEqual({ about: 'test' });
  });
});
