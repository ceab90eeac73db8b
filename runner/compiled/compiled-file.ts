import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path of a compiled file next to a module: a script for a worker or a process, or a set of kernels. Workers and
 * processes run only compiled code. A compiled module finds the file in its own folder. A source module, which a test
 * runner transforms, finds it in the same folder under `dist/`. A bundled module (`cli/bundle.mjs`) finds a script in
 * the bundle, and any other file where it was compiled. The tests' global setup builds the code first, so the
 * file is never older than its source.
 *
 * @param name the file, relative to the module, such as `./worker.js`
 * @param moduleUrl the module's `import.meta.url`
 * @returns an absolute path. The file exists if it is a script; any other file may not have been built
 * @throws Error when a script has not been built, or was built from a source that no longer exists
 */
export function compiledFile(name: string, moduleUrl: string): string {
  const beside = fileURLToPath(new URL(name, moduleUrl));
  const fromSource = moduleUrl.endsWith('.ts');
  const file = fromSource ? underDist(beside) : beside;
  if (!name.endsWith('.js')) return file;
  // A bundled program starts bundled scripts. They are all in the folder of the bundle.
  if (basename(import.meta.dirname) === 'bundle') return join(import.meta.dirname, basename(file));
  if (!existsSync(file)) throw new Error(`${file} does not exist: run "npm run build:code"`);
  // The compiler does not delete the output of a deleted source.
  const source = beside.replace(/\.js$/, '.ts');
  if (fromSource && !existsSync(source)) throw new Error(`${file} is stale: its source ${source} is gone; delete it`);
  return file;
}

function underDist(file: string): string {
  let root = dirname(file);
  while (!existsSync(join(root, 'package.json'))) {
    const parent = dirname(root);
    if (parent === root) throw new Error(`${file} is not inside a package`);
    root = parent;
  }
  return join(root, 'dist', relative(root, file));
}
