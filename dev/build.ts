import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { colorful, say } from './output.js';
import { root } from './places.js';
import { runTask } from './tasks.js';

const TSC = 'node_modules/typescript/bin/tsc';
const KERNELS = 'runner/kernels';
const EMITTED = /^TSFILE: (.*)$/;

/**
 * Compiles what has changed and prints the errors. A project with errors emits nothing (`noEmitOnError`), so every emitted
 * file can be run.
 * @returns whether there were no errors, and the emitted JavaScript files except tests, relative to dist
 */
export async function buildCode(): Promise<{ ok: boolean; emitted: string[] }> {
  const startedAt = new Date();
  const { ok, output } = await runTask([TSC, '--build', '--listEmittedFiles', ...(colorful ? ['--pretty'] : [])]);
  dateBuildInfoBack(startedAt);
  const lines = output.split('\n');
  const messages = lines.filter((line) => !EMITTED.test(line)).join('\n');
  say('build', messages);
  const emitted = lines
    .flatMap((line) => EMITTED.exec(line)?.[1] ?? [])
    .map((file) => relative(`${root}/dist`, file).split(sep).join('/'))
    .filter((file) => file.endsWith('.js') && !/\.spec\.js$|\/testing\//.test(file));
  return { ok, emitted };
}

/**
 * The compiler considers a project up to date if its build information is newer than its sources. So a source that is edited after
 * the compiler has read it, but while it still runs, would never be compiled. To prevent that, the build information gets the time
 * at which the compiler started.
 */
function dateBuildInfoBack(startedAt: Date): void {
  const dist = join(root, 'dist');
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.tsbuildinfo')) continue;
    const path = join(dist, file);
    if (statSync(path).mtime > startedAt) utimesSync(path, startedAt, startedAt);
  }
}

let kernelBuild: Promise<unknown> = Promise.resolve();

/**
 * Compiles the kernels that are older than their sources, and prints any errors. Takes about five seconds; one build runs
 * at a time.
 * @returns whether there are new kernels
 */
export function buildKernels(): Promise<boolean> {
  const build = kernelBuild.then(async () => {
    const before = kernelsMadeMs();
    for (const script of ['build-simd.mjs', 'build-native.mjs']) {
      say('kernels', (await runTask([`${KERNELS}/${script}`])).output);
    }
    return kernelsMadeMs() > before;
  });
  kernelBuild = build;
  return build;
}

/** When the newest kernels were compiled; 0 if there are none. */
function kernelsMadeMs(): number {
  const files = ['kernels.wasm', 'kernels.relaxed.wasm', 'kernels.node'].map((name) =>
    join(root, 'dist', KERNELS, 'wasm', name),
  );
  return Math.max(0, ...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}
