#!/usr/bin/env node
// The command `crosscheck`: runs the code that `npm run build` compiled.
import { existsSync } from 'node:fs';

// Otherwise, graphql-js checks at each value whether it was loaded twice, which takes as long as everything else that it does.
process.env.NODE_ENV ??= 'production';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error('error: crosscheck is not built yet; run "npm ci && npm run build" in its folder');
  process.exitCode = 2;
}
