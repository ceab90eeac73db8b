#!/usr/bin/env node
// The command `crosscheck`: runs what `npm run build` made.
import { existsSync, readFileSync, statSync } from 'node:fs';

// Otherwise, graphql-js checks at each value whether it was loaded twice, which takes as long as everything else that it does.
process.env.NODE_ENV ??= 'production';

const root = new URL('..', import.meta.url);
const compiled = new URL('dist/cli/main.js', root);

if (!existsSync(compiled)) {
  console.error('error: crosscheck is not built yet; run "npm ci && npm run build" in its folder');
  process.exitCode = 2;
} else await import((currentBundle() ?? compiled).href);

/** The bundle, which starts in half the time; null if something was compiled or installed after it was made. */
function currentBundle() {
  const inputs = new URL('dist/bundle/inputs.json', root);
  const made = modified(inputs);
  if (made === null) return null;
  // In an image, some are missing: nothing is compiled there.
  const isOlder = (path) => (modified(new URL(path, root)) ?? 0) <= made;
  return JSON.parse(readFileSync(inputs, 'utf8')).every(isOlder) ? new URL('dist/bundle/main.js', root) : null;
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
