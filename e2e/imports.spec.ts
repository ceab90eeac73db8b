import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

type Graph = ReadonlyMap<string, readonly string[]>;

/** The first cycle of imports that is found, from a module back to itself. Imports of types count. */
function circle(graph: Graph): string[] | null {
  const done = new Set<string>();
  const walk = (module: string, path: readonly string[]): string[] | null => {
    const at = path.indexOf(module);
    if (at >= 0) return [...path.slice(at), module];
    if (done.has(module)) return null;
    for (const imported of graph.get(module) ?? []) {
      const found = walk(imported, [...path, module]);
      if (found) return found;
    }
    done.add(module);
    return null;
  };
  for (const module of graph.keys()) {
    const found = walk(module, []);
    if (found) return found;
  }
  return null;
}

/** The relative imports of every TypeScript module, committed or new. */
function importGraph(): Graph {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const modules = listed
    .toString()
    .split('\n')
    // AssemblyScript is compiled separately.
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('runner/kernels/assembly/'))
    .filter((file) => existsSync(join(root, file)));
  const known = new Set(modules);
  const importsOf = (module: string) =>
    [...read(module).matchAll(/(?:from|import\(|import)\s*'(\.[^']+)'/g)].flatMap(([, path]) => {
      const file = normalize(join(dirname(module), path!)).replace(/\.js$/, '');
      return [`${file}.ts`, `${file}.tsx`].filter((candidate) => known.has(candidate));
    });
  return new Map(modules.map((module) => [module, importsOf(module)]));
}

describe('imports', () => {
  it('have no cycles', () => {
    const graph = importGraph();
    expect([...graph.values()].flat().length).toBeGreaterThan(1000);
    expect(circle(graph)).toBeNull();
  });

  it('that form a cycle are found', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', []],
      ['d', ['b']],
    ]);
    expect(circle(graph)).toEqual(['b', 'd', 'b']);
    expect(circle(new Map([...graph, ['d', []]]))).toBeNull();
  });

  it.each(['operations', 'networks', 'data', 'training'])('of runner/%s do not reach engines or kernels', (room) => {
    const { references } = JSON.parse(read(`runner/${room}/tsconfig.json`)) as { references?: { path: string }[] };
    const rooms = (references ?? []).map(({ path }) => path);
    expect(rooms.filter((path) => /\/(engines|kernels|runner|testing)$/.test(path))).toEqual([]);
  });
});
