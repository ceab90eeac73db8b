import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compiledFile } from './compiled-file.js';

let root: string;
const put = (path: string) => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
};
const urlOf = (path: string) => pathToFileURL(join(root, path)).href;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crosscheck-compiled-'));
  put('package.json');
});
afterEach(() => rmSync(root, { recursive: true }));

it('finds the file next to a compiled module, and under dist for a source module', () => {
  put('runner/data/worker.ts');
  const worker = put('dist/runner/data/worker.js');
  expect(compiledFile('./worker.js', urlOf('dist/runner/data/thread.js'))).toBe(worker);
  expect(compiledFile('./worker.js', urlOf('runner/data/thread.ts'))).toBe(worker);
  expect(compiledFile('../data/worker.js', urlOf('runner/agent/agent.ts'))).toBe(worker);
});

it('refuses a script that has not been built', () => {
  put('runner/data/worker.ts');
  expect(() => compiledFile('./worker.js', urlOf('runner/data/thread.ts'))).toThrow('run "npm run build:code"');
});

it('refuses a script whose source is gone', () => {
  put('dist/runner/data/worker.js');
  expect(() => compiledFile('./worker.js', urlOf('runner/data/thread.ts'))).toThrow('worker.ts is gone');
});

it('finds a script in the bundle for a bundled module, and any other file where it was compiled', async () => {
  // The module itself is bundled, so it runs from there.
  const module = put('dist/bundle/part.js');
  const compiled = readFileSync(join(import.meta.dirname, '../../dist/runner/compiled/compiled-file.js'), 'utf8');
  writeFileSync(module, compiled.replace(/\n\/\/# sourceMappingURL=.*/, ''));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  const bundled: typeof import('./compiled-file.js') = await import(pathToFileURL(module).href);
  const moduleUrl = urlOf('dist/runner/data/thread.js');
  expect(bundled.compiledFile('./worker.js', moduleUrl)).toBe(join(root, 'dist/bundle/worker.js'));
  expect(bundled.compiledFile('kernels.node', moduleUrl)).toBe(join(root, 'dist/runner/data/kernels.node'));
});

it('returns the path of a file without a source', () => {
  const kernels = join(root, 'dist/runner/kernels/kernels.node');
  expect(compiledFile('kernels.node', urlOf('runner/kernels/native.ts'))).toBe(kernels);
});
