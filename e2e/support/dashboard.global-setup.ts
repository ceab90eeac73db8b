import { build, runScript } from './build.global-setup.js';

/**
 * Builds, before the end-to-end tests, what users start: the bundled programs, and the dashboard that the server serves. Vitest
 * runs a project's setup before that of the whole test run, so this compiles the code first: a bundle that is older than the
 * code is not used.
 */
export default function setup(): void {
  build();
  for (const script of ['build:bundle', 'build:web']) runScript(script);
}
