import { describe, expect, it } from 'vitest';
import { stringifyInTurns } from './stringify.js';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i / 3);

describe('stringifyInTurns', () => {
  it.each<[string, unknown]>([
    ['a small result', { data: { a: 1, b: [], c: {}, d: null, e: undefined, f: 'x"y' } }],
    ['a long list', { data: { values: numbers(30_001), more: [1] } }],
    ['lists of lists', { data: [numbers(20_000), [], [['NaN', null, true]]], errors: [] }],
    ['many objects', { data: numbers(25_000).map((id) => ({ id, texts: ['ü'], none: {}, absent: undefined })) }],
    ['dates', { data: [{ at: new Date(0), values: numbers(30_001) }, new Date(1)] }],
    ['nulls before objects', { data: [null, ...numbers(15_000), { a: [1] }, 'b'] }],
  ])('writes %s as JSON.stringify does', async (_, result) => {
    expect(await stringifyInTurns(result)).toBe(JSON.stringify(result));
  });

  it.each<[string, unknown]>([
    ['numbers', numbers(200_000)],
    ['objects', numbers(50_000).map((id) => ({ id, name: 'a name' }))],
  ])('lets others run while it writes many %s', async (_, data) => {
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    const text = stringifyInTurns({ data });
    setImmediate(count);
    await text;
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(15);
  });
});
