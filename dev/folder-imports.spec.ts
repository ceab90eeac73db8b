import { join } from 'node:path';
import { expect, it } from 'vitest';
import { circles, type ImportGraph, importGraph, sourcesIn } from './import-graph.js';

const root = join(import.meta.dirname, '..');

/** The two folders side by side that an import joins; null when one of its files is in a folder above the other. */
function foldersOf(file: string, target: string): [string, string] | null {
  const [from, to] = [file.split('/'), target.split('/')];
  const depth = from.findIndex((name, i) => name !== to[i]) + 1;
  if (depth === 0 || depth >= from.length || depth >= to.length) return null;
  return [from.slice(0, depth).join('/'), to.slice(0, depth).join('/')];
}

/** What each folder imports of the folders beside it. */
function folderGraph(files: ImportGraph): ImportGraph {
  const graph = new Map<string, string[]>();
  for (const [file, targets] of files) {
    for (const target of targets) {
      const [from, to] = foldersOf(file, target) ?? [];
      if (from !== undefined && to !== undefined) graph.set(from, [...(graph.get(from) ?? []), to]);
    }
  }
  return graph;
}

/** The folders of a circle, and which import leads from each to the next. */
function describe(circle: readonly string[], files: ImportGraph): string {
  const ways = circle.map((folder, i) => {
    const next = circle[(i + 1) % circle.length]!;
    for (const [file, targets] of files) {
      const target = targets.find((each) => foldersOf(file, each)?.join() === [folder, next].join());
      if (target !== undefined) return `${file} imports ${target}`;
    }
    throw new Error(`${folder} does not import ${next}`);
  });
  return ways.join('; ');
}

const folderCircles = (files: ImportGraph) => circles(folderGraph(files)).map((circle) => describe(circle, files));

/** Without specs: a spec may start what imports its folder. */
function program(): ImportGraph {
  return importGraph(
    root,
    sourcesIn(root).filter((file) => !/\.spec\.tsx?$/.test(file)),
  );
}

it('folders side by side import each other one way, types included', () => {
  const files = program();
  const graph = folderGraph(files);
  for (const folder of ['server/runs', 'runner/training', 'web/pages', 'cli/commands']) {
    expect([...graph.keys()]).toContain(folder);
  }
  expect(folderCircles(files)).toEqual([]);
});

/** Imports of a repository from another feature than its own: features call each other's services. */
function foreignRepositories(files: ImportGraph): string[] {
  return [...files].flatMap(([file, targets]) =>
    targets
      .filter((target) => target.endsWith('.repository.ts') && foldersOf(file, target))
      .map((target) => `${file} imports ${target}`),
  );
}

it('a feature of the server imports no repository of another', () => {
  expect(foreignRepositories(program())).toEqual([]);
  const files = new Map([
    ['server/runs/module.ts', ['server/runs/runs.repository.ts']],
    ['server/studies/studies.service.ts', ['server/runs/runs.repository.ts', 'server/runs/runs.service.ts']],
  ]);
  expect(foreignRepositories(files)).toEqual([
    'server/studies/studies.service.ts imports server/runs/runs.repository.ts',
  ]);
});

/** Imports of a page of the dashboard from another: what they share is beside `web/pages`. */
function foreignPages(files: ImportGraph): string[] {
  return [...files].flatMap(([file, targets]) =>
    targets
      .filter((target) => target.startsWith('web/pages/') && file.startsWith('web/pages/') && foldersOf(file, target))
      .map((target) => `${file} imports ${target}`),
  );
}

it('a page of the dashboard imports no other page, and nothing beside the pages imports one', () => {
  const files = program();
  expect(foreignPages(files)).toEqual([]);
  const isPage = (file: string) => file.startsWith('web/pages/');
  const shared = [...files].filter(([file]) => file.startsWith('web/') && !/^web\/(pages|app)\//.test(file));
  expect(shared.filter(([, targets]) => targets.some(isPage)).map(([file]) => file)).toEqual([]);
  const both = new Map([['web/pages/studies/study-page.tsx', ['web/pages/runs/run-list.tsx', 'web/api/base.ts']]]);
  expect(foreignPages(both)).toEqual(['web/pages/studies/study-page.tsx imports web/pages/runs/run-list.tsx']);
});

it('finds two folders that import each other, with the files that do', () => {
  const files = new Map([
    ['server/runs/run.entity.ts', ['server/studies/study.entity.ts', 'server/env.ts']],
    ['server/studies/studies.service.ts', ['server/runs/runs.service.ts']],
  ]);
  expect(folderCircles(files)).toEqual([
    'server/runs/run.entity.ts imports server/studies/study.entity.ts; ' +
      'server/studies/studies.service.ts imports server/runs/runs.service.ts',
  ]);
});

it('finds folders that import each other by way of a third, and files deeper in them', () => {
  const files = new Map([
    ['web/a/x.ts', ['web/b/deep/y.ts']],
    ['web/b/y.ts', ['web/c/y.ts']],
    ['web/c/deep/x.ts', ['web/a/y.ts']],
  ]);
  expect(folderCircles(files)).toEqual([
    'web/a/x.ts imports web/b/deep/y.ts; web/b/y.ts imports web/c/y.ts; web/c/deep/x.ts imports web/a/y.ts',
  ]);
  files.delete('web/b/y.ts');
  expect(folderCircles(files)).toEqual([]);
});

it('leaves out imports between a folder and one inside it', () => {
  const files = new Map([
    ['server/app.ts', ['server/runs/module.ts']],
    ['server/runs/module.ts', ['server/create-module.ts']],
  ]);
  expect(folderCircles(files)).toEqual([]);
});
