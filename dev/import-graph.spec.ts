import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { circles, importGraph, sourcesIn } from './import-graph.js';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'crosscheck-imports-'));
afterAll(() => rmSync(folder, { recursive: true }));

function graphOf(sources: Record<string, string>) {
  for (const [file, source] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
  return importGraph(folder, Object.keys(sources));
}

it('finds every kind of import', () => {
  const source = `
    import { a } from './a.js';
    import type { B } from './b.js';
    import '../up/c.js';
    export type { D } from './d.js';
    export * from './e.js';
    const f = await import('./f.js');
    type G = import('./g.js').G;
    import { readFileSync } from 'node:fs';
    import json from './data.json' with { type: 'json' };
    // import { h } from './h.js';
  `;
  const names = ['in/a.ts', 'in/b.tsx', 'up/c.ts', 'in/d.ts', 'in/e.ts', 'in/f.ts', 'in/g.ts', 'in/h.ts'];
  const graph = graphOf({ 'in/all.ts': source, ...Object.fromEntries(names.map((name) => [name, ''])) });
  expect([...graph.get('in/all.ts')!].sort()).toEqual(names.filter((name) => name !== 'in/h.ts').sort());
});

it('finds circular imports, even of types, and only those', () => {
  const graph = graphOf({
    'start.ts': "import './x.js';",
    'x.ts': "import type { Y } from './y.js';",
    'y.ts': "import './z.js'; import './leaf.js';",
    'z.ts': "import './x.js';",
    'leaf.ts': '',
  });
  expect(circles(graph)).toEqual([['x.ts', 'y.ts', 'z.ts']]);
  expect(circles(graphOf({ 'one.ts': "import './two.js';", 'two.ts': '' }))).toEqual([]);
});

it('covers the whole repository', () => {
  const graph = importGraph(root, sourcesIn(root));
  expect(graph.get('dev/import-graph.spec.ts')).toEqual(['dev/import-graph.ts']);
  for (const part of ['cli', 'schema', 'server', 'runner', 'web', 'e2e']) {
    expect([...graph.keys()].some((file) => file.startsWith(`${part}/`))).toBe(true);
  }
});
