import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** How to start the compiled programs: the script, relative to the root, and the first arguments. */
export const PROGRAMS = { server: ['dist/cli/main.js', 'server'], runner: ['dist/cli/main.js', 'runner'] };

/** Compiled files that the server loads, relative to dist; it restarts when one changes. */
export const SERVER_CODE =
  /^(server|migrations|processes|schema(?!\/generated))\/|^schema\/generated\/web\/|^cli\/commands\/server\.js/;

/** Compiled files that the runner's agent loads; it restarts when one changes. */
export const AGENT_CODE =
  /^runner\/(agent|tracking|data|files|compiled|machine\.js)|^cli\/commands\/runner\.js|^schema\/generated\/runner\//;

/** Compiled files that a training process loads. Each run gets a new process, so nothing needs a restart. */
export const TRAINING_CODE =
  /^runner\/(training|networks|operations|kernels|engines|data|files|random|tracking|threads|compiled|(train-process|branch-worker|run-engine)\.js)/;

/** Compiled files of npm run dev itself. */
export const OWN_CODE = /^(dev|processes)\//;

export const isKernel = (path: string): boolean => /^runner\/kernels\/(assembly|native|build-)/.test(path);
export const isDocument = (path: string): boolean => /^schema\/(operations\/.*\.graphql|codegen\.ts)$/.test(path);
export const isCode = (path: string): boolean => /\.(tsx?|json)$/.test(path) && !isKernel(path);

/** What to watch, relative to the root: the folders of all TypeScript projects and their shared settings. */
export function watchedPaths(): string[] {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
    references: { path: string }[];
  };
  const folders = references.map(({ path }) => path.split('/')[0]!);
  return [...new Set(folders), 'tsconfig.json', 'tsconfig.base.json'];
}
