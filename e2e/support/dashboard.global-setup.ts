import { runScript } from './build.global-setup.js';

/** Before the end-to-end tests: builds the dashboard that the server serves. */
export default function setup(): void {
  runScript('build:web');
}
