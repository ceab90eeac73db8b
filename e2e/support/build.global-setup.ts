import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';

/** Set by `npm run gpu-check`, whose machine may have no compiler: `dist/` is used as it is. */
export const AS_BUILT = 'CROSSCHECK_TEST_AS_BUILT';

/**
 * Builds the code and the kernels before the first test, and before each rerun in watch mode. Workers, training processes and
 * whole programs run the compiled code in `dist/`, so without this a test could pass on outdated code. Takes about a second
 * if everything is up to date.
 *
 * @throws Error if the code does not compile. The compiler prints why
 */
export default function setup(project: TestProject): void {
  if (process.env[AS_BUILT]) return;
  build();
  project.onTestsRerun(() => Promise.resolve(build()));
}

/** @throws Error if the code does not compile */
export function build(): void {
  for (const script of ['build:code', 'build:kernels']) runScript(script);
}

/** Runs a script of package.json. @throws Error if it fails */
export function runScript(name: string): void {
  // Vitest's NODE_ENV would make the dashboard a development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: ['ignore', 'inherit', 'inherit'], env });
  if (status !== 0) throw new Error(`"npm run ${name}" failed, so no tests were run`);
}
