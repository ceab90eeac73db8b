import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';
import { type ImportGraph, importGraph, sourcesIn } from './import-graph.js';

const root = join(import.meta.dirname, '..');

interface Config {
  include?: string[];
  exclude?: string[];
  references?: { path: string }[];
}

const configOf = (project: string): Config => JSON.parse(readFileSync(join(root, project, 'tsconfig.json'), 'utf8'));

/** The projects that a project's tsconfig.json refers to, relative to the root. */
const referencesOf = (project: string): string[] =>
  (configOf(project).references ?? []).map(({ path }) => posix.join(project, path));

const projects = referencesOf('.');
/** Folders whose specs belong to another project, because the specs start what the folder itself must not import. */
const specsElsewhere = new Map(
  projects.flatMap((project) =>
    (configOf(project).include ?? [])
      .filter((pattern) => /^\.\..*\*\.spec\.ts$/.test(pattern))
      .map((pattern) => [posix.join(project, pattern.split('/**')[0]!), project] as const),
  ),
);
const references = new Map(projects.map((project) => [project, referencesOf(project)]));

/** The innermost project that contains a file; undefined for files in the root, such as vitest.config.ts. */
function projectOf(file: string): string | undefined {
  const folder = projects.filter((project) => file.startsWith(`${project}/`)).sort((a, b) => b.length - a.length)[0];
  return (file.endsWith('.spec.ts') && specsElsewhere.get(folder!)) || folder;
}

/** Imports from a project that the importing project's tsconfig.json does not list. */
function forbidden(graph: ImportGraph): string[] {
  return [...graph].flatMap(([file, targets]) => {
    const from = projectOf(file);
    if (from === undefined) return [];
    return targets
      .filter((target) => projectOf(target) !== from && !references.get(from)!.includes(projectOf(target) ?? ''))
      .map((target) => `${file} → ${target}`);
  });
}

// The compiler also accepts imports from indirect references.
it('a project imports only from projects that its tsconfig.json lists under references', () => {
  expect(forbidden(importGraph(root, sourcesIn(root)))).toEqual([]);
});

it('a project lists no project that it does not import from', () => {
  const used = new Set<string>();
  for (const [file, targets] of importGraph(root, sourcesIn(root))) {
    for (const target of targets) used.add(`${projectOf(file)} → ${projectOf(target)}`);
  }
  const listed = [...references].flatMap(([project, others]) => others.map((other) => `${project} → ${other}`));
  expect(listed.filter((each) => !used.has(each))).toEqual([]);
});

/** The projects that a project may load: those that it refers to, and those that they refer to in turn. */
function reachable(project: string): Set<string> {
  const found = new Set(references.get(project));
  for (const each of found) for (const next of references.get(each)!) found.add(next);
  return found;
}

it.each(['operations', 'networks', 'data', 'training'])('runner/%s reaches no engine and no kernel', (room) => {
  const above = ['runner/engines', 'runner/kernels', 'runner/testing', 'runner'];
  for (const project of above) expect(projects).toContain(project);
  expect([...reachable(`runner/${room}`)].filter((project) => above.includes(project))).toEqual([]);
});

it('each spec belongs to one project', () => {
  for (const folder of specsElsewhere.keys()) expect(configOf(folder).exclude, folder).toContain('**/*.spec.ts');
});

it('finds an import from a project that is only an indirect reference', () => {
  expect(references.get('e2e')).toContain('cli');
  expect(references.get('cli')).toContain('server');
  const graph = new Map([
    ['e2e/demo.spec.ts', ['server/app.ts', 'cli/api.ts', 'e2e/support/browser.ts', 'vitest.config.ts']],
  ]);
  expect(forbidden(graph)).toEqual(['e2e/demo.spec.ts → server/app.ts', 'e2e/demo.spec.ts → vitest.config.ts']);
});

it.each(['operations', 'networks', 'data', 'training'])('runner/%s refers to no engine and no kernel', (room) => {
  const forbiddenRooms = ['runner/engines', 'runner/kernels', 'runner', 'runner/testing'];
  expect(references.get(`runner/${room}`)!.filter((project) => forbiddenRooms.includes(project))).toEqual([]);
});
