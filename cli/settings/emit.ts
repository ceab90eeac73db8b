import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../server/package-root.js';
import { settingsPage } from './page.js';

/** Writes docs/settings.md; with --check, only checks that it is current. */
const file = join(packageRoot, 'docs/settings.md');
const text = settingsPage();

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('docs/settings.md is out of date: run "npm run settings" and commit the result');
  process.exitCode = 1;
}
