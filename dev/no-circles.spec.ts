import { join } from 'node:path';
import { expect, it } from 'vitest';
import { circles, importGraph, sourcesIn } from './import-graph.js';

const root = join(import.meta.dirname, '..');

it('no file imports itself through others, not even for types: move what both need into a file of its own', () => {
  const found = circles(importGraph(root, sourcesIn(root)));
  expect(found.map((circle) => [...circle, circle[0]].join(' → '))).toEqual([]);
});
