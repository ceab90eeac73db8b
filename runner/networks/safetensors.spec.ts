import { mkdtemp, open, readFile, truncate, writeFile } from 'node:fs/promises';
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
    await expect(readTensorFile(file)).rejects.toThrow('"pair" ends at byte 8 of the values, but there are 4');
    await truncate(file, 20);
    await expect(readTensorFile(file)).rejects.toThrow(/not a valid safetensors file: its header ends at byte/);
    await writeFile(file, '<!doctype html><title>Not Found</title>');
    await expect(readTensorFile(file)).rejects.toThrow('not a valid safetensors file');
  });
});

describe('a safetensors file from somebody else', () => {
  const F32 = (shape: unknown, ...offsets: unknown[]) => ({ dtype: 'F32', shape, data_offsets: offsets });

  /** Writes a header, given as an object or a text, and a number of bytes after it. */
  async function write(header: object | string, bytes: number): Promise<void> {
    const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await writeFile(file, Buffer.concat([length, text, Buffer.alloc(bytes)]));
  }

  it.each<[string, object | string, number, string]>([
    ['tensors that share bytes', { a: F32([4], 0, 16), b: F32([4], 0, 16) }, 16, '"b" begins at byte 0 of the values'],
    ['tensors that overlap', { a: F32([4], 0, 16), b: F32([4], 8, 24) }, 24, '"b" begins at byte 8 of the values'],
    ['a gap', { a: F32([1], 0, 4), b: F32([1], 8, 12) }, 12, 'there is a gap of 4 bytes before tensor "b"'],
    ['a gap at the beginning', { a: F32([1], 4, 8) }, 8, 'there is a gap of 4 bytes before tensor "a"'],
    ['bytes after the last tensor', { a: F32([1], 0, 4) }, 5, '1 bytes after its last tensor belong to none'],
    ['no tensors, but bytes', {}, 3, '3 bytes after its last tensor'],
    ['a tensor beyond the end', { a: F32([2], 0, 8) }, 4, '"a" ends at byte 8 of the values, but there are 4'],
    ['a negative side', { a: F32([-2, -2], 0, 16) }, 16, '"a" has the shape [-2,-2]'],
    ['a fractional side', { a: F32([0.5, 8], 0, 16) }, 16, '"a" has the shape [0.5,8]'],
    ['a side that is not exact', { a: F32([2 ** 53], 0, 16) }, 16, '"a" has the shape [9007199254740992]'],
    ['a side that is a text', { a: F32(['4'], 0, 16) }, 16, '"a" has the shape ["4"]'],
    ['a shape that is not a list', { a: F32(4, 0, 16) }, 16, '"a" has the shape 4'],
    ['too many sides', { a: F32(Array(17).fill(1), 0, 4) }, 4, 'at most 16 whole numbers'],
    ['a product that overflows', { a: F32([2 ** 40, 2 ** 40, 0], 0, 0) }, 0, 'expected a whole number of them'],
    ['a size that does not match', { a: F32([3], 0, 16) }, 16, '"a" of shape [3] has 16 bytes, expected 12'],
    [
      'a size that does not match, of a type that is not read',
      { a: { dtype: 'I64', shape: [1], data_offsets: [0, 16] } },
      16,
      '"a" of shape [1] has 16 bytes, expected 8',
    ],
    ['half a byte', { a: { dtype: 'F4', shape: [3], data_offsets: [0, 2] } }, 2, 'expected a whole number of them'],
    ['reversed offsets', { a: F32([1], 4, 0) }, 4, '"a" has the offsets [4,0]'],
    ['a negative offset', { a: F32([1], -4, 0) }, 4, '"a" has the offsets [-4,0]'],
    ['a fractional offset', { a: F32([1], 0.5, 4.5) }, 4, '"a" has the offsets [0.5,4.5]'],
    ['three offsets', { a: F32([1], 0, 4, 8) }, 8, '"a" has the offsets [0,4,8]'],
    ['no offsets', { a: { dtype: 'F32', shape: [1] } }, 4, '"a" has the offsets undefined'],
    ['an unknown type', { a: { dtype: 'toString', shape: [1], data_offsets: [0, 4] } }, 4, 'unknown type "toString"'],
    ['an unknown property', { a: { ...F32([1], 0, 4), stride: [1] } }, 4, '"a" has an unknown property "stride"'],
    ['a tensor that is a number', { a: 4 }, 0, '"a" is not described by an object'],
    ['a list as its header', '[]', 0, 'its header is not a JSON object'],
    ['metadata that is a list', { __metadata__: [] }, 0, '__metadata__ is not an object'],
    ['metadata that is a number', { __metadata__: { step: 4 } }, 0, '"step" in its __metadata__ is not a text'],
    [
      'a name twice',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
      'its header has "a" twice',
    ],
    [
      'a property twice',
      '{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}',
      4,
      'its header has "shape" twice',
    ],
  ])('is refused with %s', async (_, header, bytes, why) => {
    await write(header, bytes);
    await expect(readTensorFile(file)).rejects.toThrow(/not a valid safetensors file: .*/);
    await expect(readTensorFile(file)).rejects.toThrow(why);
  });

  it('is refused with a huge header before that is read', async () => {
    await write({}, 0);
    await truncate(file, 64 * 1024 ** 2);
    const handle = await open(file, 'r+');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(32 * 1024 ** 2));
    await handle.write(length, 0, 8, 0);
    await handle.close();
    await expect(readTensorFile(file)).rejects.toThrow(
      'its header has 33554432 bytes, more than the limit of 16777216',
    );
  });

  it('may use any name, and braces, quotes and a repeated key in another object change nothing', async () => {
    const [a, b] = [F32([1], 0, 4), F32([0, 3], 4, 4)];
    const entries = `"__proto__":${JSON.stringify(a)},"\\"{[shape":${JSON.stringify(b)}`;
    await write(`{"__metadata__":{"__proto__":"x","shape":"{\\"}"},${entries}}`, 4);
    const { tensors, others, metadata } = await readTensorFile(file);
    expect(Object.keys(tensors)).toEqual(['__proto__', '"{[shape']);
    expect(Object.getOwnPropertyDescriptor(tensors, '__proto__')?.value).toEqual({
      shape: [1],
      values: Float32Array.of(0),
    });
    expect(others.values).toBeUndefined();
    expect(Object.keys(metadata)).toEqual(['__proto__', 'shape']);
    expect(({} as Record<string, unknown>).values).toBeUndefined();
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
