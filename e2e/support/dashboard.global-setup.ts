import { runScript } from './build.global-setup.js';

/** Builds the dashboard that the server serves, before the end-to-end tests. */
export default function setup(): void {
  runScript('build:web');
}
