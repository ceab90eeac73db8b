import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromPytorch, pytorchShape, toPytorch } from './filter-layout.js';
import expected from './fixtures/float_types.json' with { type: 'json' };
import { readTensorFile, writeTensorFile } from './safetensors.js';

const fromTorch = fileURLToPath(new URL('./fixtures/float_types.safetensors', import.meta.url));
const pair = { shape: [2, 1], values: () => Float32Array.of(Math.PI, -0) };

let file: string;

beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'crosscheck-tensors-')), 'file.safetensors');
});

describe('a safetensors file', () => {
  it('has the header that the format describes', async () => {
    await writeTensorFile(file, { tensors: { pair }, metadata: { about: 'test' } });
    const bytes = await readFile(file);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { about: 'test' },
      pair: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
    });
    expect(bytes.readFloatLE(8 + length)).toBe(Math.fround(Math.PI));
    const read = await readTensorFile(file);
    expect(read.metadata).toEqual({ about: 'test' });
    expect(read.tensors.pair).toEqual({ shape: [2, 1], values: Float32Array.of(Math.PI, -0) });
  });

  it.each(['F32', 'F16', 'BF16'] as const)('with %s values written by PyTorch is read exactly', async (type) => {
    const { tensors } = await readTensorFile(fromTorch);
    const values = expected[type].map((text) => (text === 'inf' ? Number.POSITIVE_INFINITY : Number(text)));
    expect([...tensors[type]!.values]).toEqual(values);
  });

  it('lists the tensors of other types', async () => {
    const { tensors, others } = await readTensorFile(fromTorch);
    expect(Object.keys(tensors)).toEqual(['F32', 'F16', 'BF16']);
    expect(others).toEqual({ I64: 'I64' });
  });

  it('is not written when the number of values does not match the shape', async () => {
    const tensors = { wrong: { ...pair, shape: [3] } };
    await expect(writeTensorFile(file, { tensors, metadata: {} })).rejects.toThrow(
      '"wrong" of shape [3] got 2 values, expected 3',
    );
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('is refused when it is truncated or another kind of file, and the message says where it ends', async () => {
    await writeTensorFile(file, { tensors: { pair }, metadata: {} });
    const { length } = await readFile(file);
    await truncate(file, length - 4);
    await expect(readTensorFile(file)).rejects.toThrow(
      `"pair" ends at byte ${length}, but the file has ${length - 4} bytes`,
    );
    await truncate(file, 20);
    await expect(readTensorFile(file)).rejects.toThrow(/not a complete safetensors file: its header ends at byte/);
    await writeFile(file, '<!doctype html><title>Not Found</title>');
    await expect(readTensorFile(file)).rejects.toThrow('not a complete safetensors file');
  });
});

describe("PyTorch's layout", () => {
  it('has outputs first, and the conversion back is exact', () => {
    const filter = { shape: [1, 2, 3, 2], values: Float32Array.from({ length: 12 }, (_, i) => i) };
    const shape = pytorchShape(filter.shape);
    expect(shape).toEqual([2, 3, 1, 2]);
    // Value (height, width, input, output) of the network is (output, input, height, width) of PyTorch.
    expect([...toPytorch(filter)]).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
    expect(fromPytorch({ shape, values: toPytorch(filter) })).toEqual(filter);
  });

  it('is the same for vectors', () => {
    const vector = { shape: [3], values: Float32Array.of(1, 2, 3) };
    expect(toPytorch(vector)).toBe(vector.values);
    expect(fromPytorch(vector)).toEqual(vector);
  });
});
