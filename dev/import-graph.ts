import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

/** The files that each file imports. Paths are relative to the root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Dynamic imports, and types such as `import('./file.js').Type`. The parser does not report what they import. */
const IMPORT_CALL = /\bimport\('(\.[^']+)'\)/g;

/** Generated code, and AssemblyScript, which is another language with the same file extension. */
const LEFT_OUT = /^schema\/generated\/|\/assembly\//;

/** The TypeScript sources of a folder that git tracks or would track. */
export function sourcesIn(root: string): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.ts', '*.tsx'];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0');
  return files.filter((file) => file !== '' && !LEFT_OUT.test(file) && existsSync(join(root, file)));
}

/** Which of the other files each file imports, whether statically, dynamically, as a type or as a re-export. */
export function importGraph(root: string, files: readonly string[]): ImportGraph {
  const known = new Set(files);
  const targetOf = (file: string, specifier: string): string | undefined => {
    const path = posix.join(posix.dirname(file), specifier);
    const stem = path.replace(/\.js$/, '');
    return [path, `${stem}.ts`, `${stem}.tsx`].find((each) => known.has(each));
  };
  return new Map(
    files.map((file) => {
      const specifiers = specifiersIn(file, readFileSync(join(root, file), 'utf8'));
      return [file, [...new Set(specifiers.flatMap((specifier) => targetOf(file, specifier) ?? []))]];
    }),
  );
}

/** The relative imports of a module. @throws Error if it cannot be parsed */
function specifiersIn(file: string, source: string): string[] {
  const { module, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const { staticImports, staticExports } = module;
  const specifiers = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...[...source.matchAll(IMPORT_CALL)].map(([, specifier]) => specifier!),
  ];
  return specifiers.filter((specifier) => specifier.startsWith('.'));
}

/** For each group of files with circular imports, one shortest cycle. A file that imports itself counts too. */
export function circles(graph: ImportGraph): string[][] {
  const found: string[][] = [];
  const inCircle = new Set<string>();
  for (const file of graph.keys()) {
    if (inCircle.has(file)) continue;
    const circle = shortestCircle(graph, file);
    if (!circle) continue;
    found.push(circle);
    for (const each of circle) inCircle.add(each);
  }
  return found;
}

/** The shortest path from a file through its imports back to itself; null if there is none. */
function shortestCircle(graph: ImportGraph, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  for (const queue = [start]; queue.length > 0; ) {
    const file = queue.shift()!;
    for (const target of graph.get(file) ?? []) {
      if (target === start) return wayTo(file, cameFrom);
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, file);
      queue.push(target);
    }
  }
  return null;
}

function wayTo(file: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const before = cameFrom.get(file);
  return before === undefined ? [file] : [...wayTo(before, cameFrom), file];
}
