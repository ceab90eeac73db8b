import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeDatasets, parseDataOptions } from './data-sources.js';
import { UserError } from './errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosscheck-data-'));
  for (const name of ['one', 'two']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('folders are called what they are called unless they are named, and shapes is always there', () => {
  expect(parseDataOptions([join(folder, 'one'), `roads=${join(folder, 'two')}`])).toEqual([
    { name: 'shapes', kind: 'shapes', directory: null },
    { name: 'one', kind: 'folder', directory: join(folder, 'one') },
    { name: 'roads', kind: 'folder', directory: join(folder, 'two') },
  ]);
});

test('a folder that is none and a name given twice are refused', () => {
  expect(() => parseDataOptions([join(folder, 'three')])).toThrow(/three is not a folder/);
  writeFileSync(join(folder, 'file'), '');
  expect(() => parseDataOptions([join(folder, 'file')])).toThrow(UserError);
  expect(() => parseDataOptions([join(folder, 'one'), `one=${join(folder, 'two')}`])).toThrow(
    /two datasets are called "one"/,
  );
});

test('the built-in dataset is announced with its classes', async () => {
  const [shapes] = await describeDatasets(parseDataOptions([]));
  expect(shapes).toMatchObject({
    name: 'shapes',
    kind: 'shapes',
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  for (const { color } of shapes!.classes as { color: string }[]) expect(color).toMatch(/^#[0-9a-f]{6}$/);
});

test('what is wrong with each of several folders is told at once', async () => {
  const sources = parseDataOptions([join(folder, 'one'), join(folder, 'two')]);
  const error = await describeDatasets(sources).catch((caught: Error) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(/"one" cannot be used(.|\n)*"two" cannot be used/);
});
