import { join } from 'node:path';
import { expect, it } from 'vitest';
import { circles, importGraph, sourcesIn } from './import-graph.js';

const root = join(import.meta.dirname, '..');

it('there are no circular imports, not even of types: move what both files need into a file of its own', () => {
  const found = circles(importGraph(root, sourcesIn(root)));
  expect(found.map((circle) => [...circle, circle[0]].join(' → '))).toEqual([]);
});
