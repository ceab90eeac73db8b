import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Folders of the server must not import each other in a cycle, not even types. */
const root = import.meta.dirname;

interface Import {
  file: string;
  target: string;
}

/** The imports between files of the server, except tests. */
function importsOf(files: readonly string[]): Import[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const targets = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) => target!);
    return targets.map((target) => ({ file, target: join(dirname(file), target).replace(/\.js$/, '.ts') }));
  });
}

/** The folder that a file is in; null for files in the server's root, which compose the features. */
function folderOf(file: string): string | null {
  const [folder, ...rest] = file.split('/');
  return rest.length > 0 && folder !== '..' ? folder! : null;
}

/** The cycles of imports between folders, each as the list of its imports. */
function circles(imports: readonly Import[]): string[] {
  const between = new Map<string, Map<string, Import>>();
  for (const each of imports) {
    const [from, to] = [folderOf(each.file), folderOf(each.target)];
    if (from === null || to === null || from === to) continue;
    if (!between.has(from)) between.set(from, new Map());
    between.get(from)!.set(to, each);
  }
  const found = [...between.keys()].flatMap((start) => wayBack(between, start, start, []) ?? []);
  return [...new Set(found)];
}

/** The first path from `at` to `start`, as text. Folders that sort before `start` were already searched. */
function wayBack(
  between: Map<string, Map<string, Import>>,
  start: string,
  at: string,
  way: readonly Import[],
  seen = new Set<string>(),
): string | null {
  for (const [next, each] of between.get(at) ?? []) {
    const longer = [...way, each];
    if (next === start) return longer.map(({ file, target }) => `${file} imports ${target}`).join('; ');
    if (next < start || seen.has(next)) continue;
    seen.add(next);
    const rest = wayBack(between, start, next, longer, seen);
    if (rest !== null) return rest;
  }
  return null;
}

describe('folders of the server', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.spec)\.ts$/.test(file),
  );

  it('do not import each other in a cycle', () => {
    const imports = importsOf(files);
    expect(imports.length).toBeGreaterThan(300);
    expect(circles(imports)).toEqual([]);
  });

  it('that import each other are found, with both files', () => {
    const pair = [
      { file: 'runs/run.entity.ts', target: 'studies/study.entity.ts' },
      { file: 'studies/studies.service.ts', target: 'runs/runs.service.ts' },
      { file: 'studies/studies.service.ts', target: 'env.ts' },
    ];
    expect(circles(pair)).toEqual([
      'runs/run.entity.ts imports studies/study.entity.ts; studies/studies.service.ts imports runs/runs.service.ts',
    ]);
  });

  it('that import each other through a third are found too', () => {
    const three = ['b', 'c', 'a'].map((folder, i) => ({
      file: `${folder}/x.ts`,
      target: `${['c', 'a', 'b'][i]}/y.ts`,
    }));
    expect(circles(three)).toEqual(['a/x.ts imports b/y.ts; b/x.ts imports c/y.ts; c/x.ts imports a/y.ts']);
    expect(circles(three.slice(1))).toEqual([]);
  });
});
