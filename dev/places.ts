import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The compiled programs, relative to the root, and what comes before their own arguments. */
export const PROGRAMS = { server: ['dist/cli/main.js', 'server'], runner: ['dist/cli/main.js', 'runner'] };

/** Compiled code that the server loads: when it changes, the server is restarted. */
export const SERVER_CODE = /^(server|migrations|schema(?!\/generated)|cli)\//;

/**
 * Compiled code that the runner's agent loads. Training is not part of it: each run is trained by a new process, which loads
 * what is there by then.
 */
export const AGENT_CODE =
  /^runner\/(agent|tracking|data|compiled|machine\.js)|^cli\/commands\/runner\.js|^schema\/generated\/runner\//;

/** Compiled code that a training process loads. */
export const TRAINING_CODE = /^runner\/(training|networks|engines|data|random|tracking|compiled|train-process\.js)/;

/** Compiled code of this program. */
export const OWN_CODE = /^dev\//;

export const isKernel = (path: string): boolean => path.startsWith('runner/engines/wasm/kernels/');
export const isDocument = (path: string): boolean => /^schema\/(operations\/.*\.graphql|codegen\.ts)$/.test(path);
export const isCode = (path: string): boolean => /\.(tsx?|json)$/.test(path) && !isKernel(path);

/** What is watched, relative to the root: the folders of all TypeScript projects, and their common settings. */
export function watchedPaths(): string[] {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
    references: { path: string }[];
  };
  const folders = references.map(({ path }) => path.split('/')[0]!);
  return [...new Set(folders), 'tsconfig.json', 'tsconfig.base.json'];
}
