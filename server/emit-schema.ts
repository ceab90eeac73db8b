import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withReasons } from './graphql/reasons/page.js';
import { packageRoot } from './package-root.js';
import { schemaText } from './schema.js';

/** Writes schema/schema.graphql and the tables of docs/api/errors.md. With --check, only checks whether they are up to date. */
const written: [file: string, text: (before: string) => string][] = [
  ['schema/schema.graphql', schemaText],
  ['docs/api/errors.md', withReasons],
];

for (const [name, textOf] of written) {
  const file = join(packageRoot, name);
  const before = readFileSync(file, 'utf8');
  const text = textOf(before);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (before !== text) {
    console.error(`${name} is out of date: run "npm run schema" and commit the result`);
    process.exitCode = 1;
  }
}
