import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of Node that work differently in some versions: processes, threads, the network, streams, loading of modules. */
const NODE_MODULE =
  /^(child_process|worker_threads|https?|net|tls|dns|stream|zlib|readline|module|v8|vm|async_hooks|inspector)(\/|$)/;

/** Packages with native code, and those that build on Node's sockets. */
const PACKAGES = ['sharp', 'webgpu', 'ws', 'graphql-ws', 'pg'];

/** Globals of the same kind. */
const GLOBALS = /\b(fetch\(|SharedArrayBuffer\b|Atomics\.)/;

/** Specs that load our native code and start every engine, directly or not. */
const ENGINES = /^runner\/(engines|kernels)\/|^runner\/training\/branches\/engine\.spec\.ts$/;

const IMPORTED = /\b(?:from|import|import\(|require\() ?'([^']+)'/g;

/** What matters only to the compiler. */
const TYPES = /^(import|export) type [^;]*;/gm;

/** What specs import to make data, or to compare with Python: it is not what they test. */
const FOR_DATA = /^import .* from 'sharp';$/gm;
const FOR_PYTHON = /^import .* from 'node:child_process';$/gm;

/** Whether a module uses a part of Node, or a package, that works differently in some versions of Node. */
export function dependsOnNode(source: string): boolean {
  const code = source.replace(TYPES, '');
  return GLOBALS.test(code) || [...code.matchAll(IMPORTED)].some(([, name]) => variesByNode(name!));
}

/** The same for a spec. What it tests may import what the spec only makes data with. */
export function specDependsOnNode(source: string): boolean {
  const code = source.replace(FOR_DATA, '');
  return dependsOnNode(/\bPYTHON\b/.test(code) ? code.replace(FOR_PYTHON, '') : code);
}

function variesByNode(name: string): boolean {
  return name.startsWith('node:') ? NODE_MODULE.test(name.slice('node:'.length)) : PACKAGES.includes(name);
}

/**
 * The specs outside `e2e` and `fuzz` whose result may differ between versions of Node. A spec is one of them if it, or the file
 * that it tests, depends on Node for more than its data, or if it is about the engines.
 *
 * @param root the folder of the repository; the result is relative to it
 */
export function nodeDependentSpecs(root: string): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.spec.ts', '*.spec.tsx'];
  const specs = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const tests = (file: string): boolean => existsSync(join(root, file)) && dependsOnNode(read(file));
  return specs
    .filter((spec) => existsSync(join(root, spec)) && !/^(e2e|fuzz)\//.test(spec))
    .filter(
      (spec) => ENGINES.test(spec) || specDependsOnNode(read(spec)) || tests(spec.replace(/\.spec\.(tsx?)$/, '.$1')),
    );
}
