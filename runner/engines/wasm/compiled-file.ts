import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of a compiled file: beside this one when that is compiled, under dist when a test runs the source; null when absent. */
export function compiledFile(name: string): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, name), join(here, '../../../dist/runner/engines/wasm', name)];
  return candidates.find((path) => existsSync(path)) ?? null;
}
