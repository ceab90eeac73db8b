import { runScript } from './build.global-setup.js';

/** Builds, before the end-to-end tests, what users start: the bundled programs, and the dashboard that the server serves. */
export default function setup(): void {
  for (const script of ['build:bundle', 'build:web']) runScript(script);
}
