import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../testing/test-database.js';
import { readArray, writeArray } from './binary-array.js';

const { dataSource } = testDatabase();

describe('an array in the binary format of PostgreSQL', () => {
  it.each([
    ['int4', [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)]],
    ['int4', [5, null, 7]],
    ['int8', [0, 1, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
    ['float8', [0.1 + 0.2, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324]],
    ['float8', []],
  ] as const)('of %s is what PostgreSQL reads and writes: %j', async (type, elements) => {
    const [row] = await dataSource.query<{ text: string; bytes: Buffer }[]>(
      `SELECT $1::${type}[]::text AS text, array_send($1::${type}[]) AS bytes`,
      [writeArray(type, elements)],
    );
    const shown = elements.map((element) => (element === null ? 'NULL' : Object.is(element, -0) ? '-0' : element));
    expect(row!.text).toBe(`{${shown.join(',')}}`);
    expect(readArray(row!.bytes)).toEqual(elements);
  });
});
