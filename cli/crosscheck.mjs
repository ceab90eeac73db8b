#!/usr/bin/env node
// The command `crosscheck`: runs the code that `npm run build` compiled.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error('error: crosscheck is not built yet; run "npm ci && npm run build" in its folder');
  process.exitCode = 2;
}
